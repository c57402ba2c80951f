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
def test_its_change_is_told_beside_what_others_tell_of_it(name: str) -> None:
    risk = RISKS[name]
    objects = review(_manifests(risk.before), _manifests(risk.risky)).objects
    assert name in {concern.risk for item in objects for concern in item.concerns}


@EVERY_RISK
def test_tells_nothing_of_what_only_looks_alike(name: str) -> None:
    risk = RISKS[name]
    assert review(_manifests(risk.before), _manifests(risk.harmless)).objects, "the example changes something"
    assert _of_risk(name, risk.before, risk.harmless) == []


@EVERY_RISK
def test_tells_nothing_where_only_another_object_is_changed(name: str) -> None:
    def beside(value: str) -> list[dict[str, Any]]:
        metadata = {"name": "elsewhere", "namespace": "elsewhere"}
        other = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": {"key": value}}
        return [*_manifests(RISKS[name].before), other]

    comparison = Comparison(beside("old"), _other_order(beside("new")))
    assert [str(change) for change in comparison.changes] == ["elsewhere/ConfigMap/elsewhere"]
    assert RISKS[name].check(comparison) == ()


def _other_order(manifests: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same objects the other way round, and their keys too."""

    def turned(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: turned(value[key]) for key in reversed(value)}
        return [turned(item) for item in value] if isinstance(value, list) else value

    return [turned(manifest) for manifest in reversed(manifests)]


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
