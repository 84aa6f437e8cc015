"""The door of every file: what people type is read forgivingly, what stages pass on is checked."""
