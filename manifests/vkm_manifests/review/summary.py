"""The summary: what all formats say of a change, and of the whole."""

from collections import Counter

from vkm_manifests.review import LEVELS, Review
from vkm_manifests.review.change import Change


def what_becomes_of(change: Change) -> str:
    """In a word or two: `added`, `removed`, `changed`, `renamed from shop/Service/web`."""
    return f"renamed from {change.renamed_from}" if change.renamed_from else change.sort


def count(review: Review) -> str:
    """How many objects there are of each level: `3 objects change: 1 data-loss, 2 restart`."""
    if not review.objects:
        return "nothing changes"
    found = Counter(item.worst.level for item in review.objects)
    number = len(review.objects)
    levels = ", ".join(f"{found[level]} {level}" for level in LEVELS if found[level])
    return f"{number} object{' changes' if number == 1 else 's change'}: {levels}"
