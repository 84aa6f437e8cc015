"""The registry: the form that is sent out, the intake of what comes back, and what may leave."""
