"""The rules, a file for each group. Importing this package registers them all, in the order of the rules' page."""

# isort: off
from vkm_manifests.verify.rules import references, selectors, ports
from vkm_manifests.verify.rules import routes, storage, pods, network, rbac, monitoring, schema, values
from vkm_manifests.verify.rules import declarations
# isort: on

__all__ = [
    "declarations",
    "monitoring",
    "network",
    "pods",
    "ports",
    "rbac",
    "references",
    "routes",
    "schema",
    "selectors",
    "storage",
    "values",
]
