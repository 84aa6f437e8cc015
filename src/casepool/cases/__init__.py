"""What a case is: one patient as counts, and whether it may count."""
