"""What people look at: tables, figures, documents and the page, in French and English.

Everything here takes rows of the stage tables and shows them; nothing is estimated here.
"""
