"""What is wrong with the data, all problems at once."""
