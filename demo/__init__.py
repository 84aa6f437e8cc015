"""The demonstration: an invented project, from the registry returns to the truth behind them."""
