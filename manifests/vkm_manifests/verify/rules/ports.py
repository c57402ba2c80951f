"""Ports: they hold through, from the entry to the container."""
