"""Monitoring: what watches has something to watch."""
