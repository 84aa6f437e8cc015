"""What keeps registry rows out of git; it runs before installation, with the standard library alone."""
