"""Pods: secure, bounded and able to leave."""
