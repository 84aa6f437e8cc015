"""The pages over HTTP: the only part of the desk that knows Flask."""
