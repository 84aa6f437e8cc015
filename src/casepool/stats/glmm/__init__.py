"""The binomial-normal model: likelihood, fit, moderators, profile limits."""
