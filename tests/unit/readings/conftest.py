"""A small project with two readers; every patient, reader and report in it is SYNTHETIC."""
