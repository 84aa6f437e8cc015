"""What the coordinator sees of each centre: a line, a letter, a page. It names centres, so it stays private."""
