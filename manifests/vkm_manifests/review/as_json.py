"""A review for programs."""

import json
from typing import Any

from vkm_manifests.review import Review, Reviewed


def as_json(review: Review) -> str:
    """A list of the objects, the worst first."""
    return json.dumps([_object(item) for item in review.objects], indent=2, ensure_ascii=False, default=str)


def _object(item: Reviewed) -> dict[str, Any]:
    change, worst = item.change, item.worst
    return {
        "object": str(change),
        "change": change.sort,
        "renamed_from": str(change.renamed_from) if change.renamed_from else None,
        "risk": worst.level,
        "reason": worst.reason,
        "do": worst.do,
        "concerns": [
            {"risk": c.level, "rule": c.risk, "reason": c.reason, "do": c.do, "field": c.field} for c in item.concerns
        ],
        "fields": [{"field": field.name, "old": field.old, "new": field.new} for field in change.fields],
    }
