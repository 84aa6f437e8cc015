"""The results again under other data, priors and assumptions."""
