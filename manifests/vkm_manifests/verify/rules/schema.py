"""Schema: what the API server would refuse or drop."""
