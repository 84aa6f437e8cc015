"""A project folder: laid out, loaded, checked, built."""
