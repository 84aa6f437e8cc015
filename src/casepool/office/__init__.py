"""Files for spreadsheets and word processors that people fill in: the same bytes every time."""
