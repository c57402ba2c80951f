"""Storage: volumes that can be mounted, where they are mounted."""
