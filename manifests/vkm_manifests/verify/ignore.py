"""Exceptions: an object's annotation says that what a rule finds in it is meant, and why."""

from typing import Final

from vkm_manifests.graph.resource import Resource

IGNORE_RULE: Final = "ignore-rule.vkm-constructs/"
"""The annotation's prefix; the rule's name follows. Its value is the reason."""

DECLARATIONS: Final = "Declarations"
"""The group of the rules about exceptions themselves, which no exception excuses."""


def ignored_rules(resource: Resource) -> dict[str, str]:
    """The rules that an object's annotations ignore, each with the reason."""
    return {
        key.removeprefix(IGNORE_RULE): reason
        for key, reason in resource.annotations.items()
        if key.startswith(IGNORE_RULE)
    }
