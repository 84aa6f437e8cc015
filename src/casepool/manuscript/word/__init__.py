"""Word documents that stay alive: content controls whose content follows the results."""
