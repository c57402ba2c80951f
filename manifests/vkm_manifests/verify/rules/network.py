"""Network: closed, but for the ways that something needs."""
