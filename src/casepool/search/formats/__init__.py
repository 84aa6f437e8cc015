"""The formats of a search: each read into the same citation."""
