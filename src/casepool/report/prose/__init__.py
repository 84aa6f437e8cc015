"""Methods, results and abstract as texts to be taken into a manuscript, true whatever the data say."""
