"""The estimators on simulated literatures with the layout of the counts at hand."""
