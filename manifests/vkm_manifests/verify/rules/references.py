"""References: what is named, exists."""
