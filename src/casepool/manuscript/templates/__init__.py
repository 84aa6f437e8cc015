"""What a manuscript begins with: a chapter in each language, and the macros of Typst."""
