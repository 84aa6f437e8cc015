"""From counts to the table of results: raw, own and pooled rates, and what checks them."""
