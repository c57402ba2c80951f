"""Label selectors, as Kubernetes matches them."""

from collections.abc import Mapping
from typing import Any

from vkm_manifests.graph import shape


def matches(selector: Any, labels: Mapping[str, str]) -> bool:
    """Whether a label selector (`matchLabels`, `matchExpressions`) takes something with these labels.

    An empty selector takes everything.
    """
    wanted = shape.mapping(selector, "matchLabels")
    return all(labels.get(key) == value for key, value in wanted.items()) and all(
        _meets(expression, labels) for expression in shape.mappings(selector, "matchExpressions")
    )


def _meets(expression: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    value, values = labels.get(shape.text(expression, "key")), shape.texts(expression, "values")
    match expression.get("operator"):
        case "In":
            return value in values
        case "NotIn":
            return value not in values
        case "Exists":
            return value is not None
        case "DoesNotExist":
            return value is None
    return False
