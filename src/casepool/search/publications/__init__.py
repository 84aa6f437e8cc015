"""Which records are one publication: what is compared, what speaks for and against a pair, what is joined."""
