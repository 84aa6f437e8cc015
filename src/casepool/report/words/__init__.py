"""The words: texts of both languages, numbers, names of diseases, citations, problems."""
