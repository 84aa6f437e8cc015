"""Privacy: what identifies a person is refused, centres and patients get pseudonyms, git gets no row."""
