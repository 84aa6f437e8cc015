"""Statistics on arrays: intervals, sensitivity bounds, pooled and joint models.

Modules here know numpy, scipy and, for binomial intervals only, statsmodels. They know
no files, no tables and no configuration.
"""
