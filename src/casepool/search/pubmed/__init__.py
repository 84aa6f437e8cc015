"""PubMed: a client that gets every record or says so, and the dated snapshots it leaves."""
