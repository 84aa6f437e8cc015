"""Paper, colours and signs shared by the figures; told apart in grey print and by the colour-blind."""

from __future__ import annotations

A4 = (8.27, 11.69)
MARGIN = 0.45
INK = "#1a1a1a"
SOFT = "#4d4d4d"
GREY = "#8c8c8c"
PALE = "#c9c9c9"
EDGE = "#5c5c5c"
BAND = "#eef1f4"
GRID = "#dcdfe3"
CORRECTED = "#0b5394"
WARNING = "#b00020"
MARKERS = {"complete": ("s", INK), "selective": ("o", "white"), "unclear": ("^", "white"), "study": ("s", INK)}
