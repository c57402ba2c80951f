"""Kubernetes's recommended labels (app.kubernetes.io/…)."""

NAME = "app.kubernetes.io/name"
INSTANCE = "app.kubernetes.io/instance"


def labels(*, name: str, instance: str, component: str, part_of: str, version: str | None = None) -> dict[str, str]:
    """All labels of one workload.

    Args:
        name: the application; a worker or a migration has the name of the application that it serves.
        instance: the workload itself, by its resource's name.
        component: its role: `web`, `database`, `migration`.
        part_of: the service that it belongs to, which is its namespace.
        version: the image's tag, where it is a label value.
    """
    found = {
        NAME: name,
        INSTANCE: instance,
        "app.kubernetes.io/component": component,
        "app.kubernetes.io/part-of": part_of,
        "app.kubernetes.io/managed-by": "cdk8s",
    }
    return found | ({"app.kubernetes.io/version": version} if version else {})


def selector(name: str, instance: str) -> dict[str, str]:
    """The small part of the labels that never changes: what selectors, which are immutable, look for."""
    return {NAME: name, INSTANCE: instance}
