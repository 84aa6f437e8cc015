"""The intake: what comes back becomes accepted rows, rows that wait, and receipts."""
