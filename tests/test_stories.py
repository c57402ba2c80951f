"""What the stories in docs/stories tell is what happens."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.stories import STORIES, Story, render, reviewed, synthesize
from vkm_manifests.review import Level, Review


@pytest.fixture(params=STORIES, ids=lambda tell: tell.__name__)
def story(request: pytest.FixtureRequest) -> Story:
    tell: Callable[[], Story] = request.param
    return tell()


def levels(review: Review) -> dict[str, Level]:
    """The worst of each object of which there is something to tell."""
    return {str(item.change): item.worst.level for item in review.objects if item.worst.level != "routine"}


def test_a_story_is_what_happens(story: Story, tmp_path: Path) -> None:
    if any((ROOT / name).exists() for name in story.files):
        pytest.skip("somebody has walked it")
    found = reviewed(synthesize(story, tmp_path))
    assert story.page.read_text(encoding="utf-8") == render(story, found), "make docs"
    told = levels(found)
    match story.name:
        case "version-bump":
            assert told["bookstack/Deployment/bookstack"] == "restart"
            assert set(told.values()) <= {"restart", "downgrade"}
        case "volume":
            assert told == {"bookstack/PersistentVolumeClaim/bookstack-data": "replace"}
        case "new-service":
            assert told["polls/IngressRoute/vote"] == "exposure"
            added = {item.change.kind for item in found.objects if item.change.sort == "added"}
            assert {"Deployment", "StatefulSet", "IngressRoute", "ExternalSecret", "PersistentVolumeClaim"} <= added
            changed = {str(item.change) for item in found.objects if item.change.sort != "added"}
            assert {"prometheus/ConfigMap/prometheus-config", "traefik/Deployment/traefik"} <= changed
