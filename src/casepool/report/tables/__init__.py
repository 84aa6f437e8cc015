"""Tables as readers see them, and their files."""
