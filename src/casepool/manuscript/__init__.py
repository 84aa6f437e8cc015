"""The manuscript that follows the results: a number explained, a document brought up to date, what moved."""
