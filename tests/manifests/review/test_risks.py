"""Every risk's example both ways: a change of which it tells, and one that looks alike of which it does not."""

from typing import Any

import pytest

from vkm_manifests.review import LEVELS, RISKS, Comparison, Concern, review
from vkm_manifests.verify.rule import examples

EVERY_RISK = pytest.mark.parametrize("name", RISKS)


def _of_risk(name: str, old: str, new: str) -> list[Concern]:
    return list(RISKS[name].check(Comparison(_manifests(old), _manifests(new))))


def _manifests(text: str) -> list[dict[str, Any]]:
    return examples(text)


@EVERY_RISK
def test_tells_of_its_change(name: str) -> None:
    risk = RISKS[name]
    found = _of_risk(name, risk.before, risk.risky)
    assert found
    for concern in found:
        assert concern.level == risk.level
        assert concern.reason
        assert concern.reason.endswith("...") or not concern.reason.endswith(".")
        assert concern.do or concern.level == "routine"
        assert concern.do.endswith("...") or not concern.do.endswith(".")


@EVERY_RISK
def test_tells_nothing_of_what_only_looks_alike(name: str) -> None:
    risk = RISKS[name]
    assert review(_manifests(risk.before), _manifests(risk.harmless)).objects, "the example changes something"
    assert _of_risk(name, risk.before, risk.harmless) == []


@EVERY_RISK
def test_tells_nothing_where_nothing_is_changed(name: str) -> None:
    before = RISKS[name].before
    assert review(_manifests(before), _manifests(before)).objects == ()


@EVERY_RISK
def test_is_documented(name: str) -> None:
    risk = RISKS[name]
    assert risk.meaning.endswith(".")
    assert ". " not in risk.meaning, "one sentence"
    assert not risk.why or risk.why.endswith(".")


def test_no_two_risks_have_one_meaning() -> None:
    meanings = [risk.meaning for risk in RISKS.values()]
    assert len(set(meanings)) == len(meanings)


def test_the_risks_stand_in_the_order_of_their_levels() -> None:
    ranks = [LEVELS.index(risk.level) for risk in RISKS.values()]
    assert ranks == sorted(ranks)


def test_each_level_has_a_risk() -> None:
    assert {risk.level for risk in RISKS.values()} == set(LEVELS)
