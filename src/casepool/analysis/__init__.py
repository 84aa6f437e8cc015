"""From tables to arrays to statistics and back to result rows."""
