"""The publications behind the manuscript, as programs that manage references read them."""
