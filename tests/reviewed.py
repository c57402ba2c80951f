"""What a review tells of a change of a text of manifests."""

from collections import defaultdict

from vkm_manifests.review import RISKS, Comparison, Level, review
from vkm_manifests.verify.rule import examples


def changed(text: str, *replaced: tuple[str, str]) -> str:
    """The text, with one in place of another, wherever it stands."""
    for before, after in replaced:
        assert before in text, before
        text = text.replace(before, after)
    return text


def reasons(level: Level, old: str, new: str) -> dict[str, list[str]]:
    """The reasons of a level, by the object that has them."""
    found: dict[str, list[str]] = defaultdict(list)
    for item in review(examples(old), examples(new)).objects:
        for concern in item.concerns:
            if concern.level == level:
                found[str(concern.object)].append(concern.reason)
    return dict(found)


def told_of(level: Level, old: str, new: str) -> list[tuple[str, str, str]]:
    """Which object, by which risk of a level, for what reason: each risk asked by itself."""
    comparison = Comparison(examples(old), examples(new))
    found = [
        (str(concern.object), risk.name, concern.reason)
        for risk in RISKS.values()
        if risk.level == level
        for concern in risk.check(comparison)
    ]
    # A review takes no concern of what is not changed.
    assert {name for name, _, _ in found} <= {str(change) for change in comparison.changes}
    return found
