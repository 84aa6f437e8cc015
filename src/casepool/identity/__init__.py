"""Identity: patients that are told in more than one place are counted once."""
