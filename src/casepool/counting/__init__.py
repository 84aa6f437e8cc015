"""From cases to counts: numerator, denominator and what is not known, by source, disease and outcome."""
