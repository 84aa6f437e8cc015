"""SYNTHETIC: an invented second study, to prove that another drug is another protocol."""
