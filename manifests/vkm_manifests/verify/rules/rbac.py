"""RBAC: no more rights than needed."""
