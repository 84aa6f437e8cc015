"""Where a text tells who somebody is."""
