"""What every figure is drawn on: frame, colours, measured text, files with the same bytes."""
