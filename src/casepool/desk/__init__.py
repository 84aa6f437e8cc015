"""``casepool desk``: pages in the browser over the tables of a project; ``web`` alone knows a framework."""
