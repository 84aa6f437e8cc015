"""The figures: rows in, a drawing out; nothing is estimated here."""
