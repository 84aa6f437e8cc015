"""Statistics on arrays: intervals, sensitivity bounds, pooled and joint models.

Modules here know numpy and scipy. They know no files, no tables and no configuration.
"""
