"""The forest plot: its rows, its legend, its drawing."""
