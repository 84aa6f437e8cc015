"""The own rate of each disease: its own evidence, with an allowance for each thing that may be wrong with it."""
