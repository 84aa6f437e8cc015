"""From counts to the table of results: raw and corrected rates, and what checks them."""
