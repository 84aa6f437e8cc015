"""Any table of counts pooled outside a project."""
