"""The release: the one way from the private side of a build to its public side."""
