"""Every rule's two examples: one in which it finds nothing, one in which it finds something."""

import pytest

from vkm_manifests import Identity
from vkm_manifests.verify import RULES, verify
from vkm_manifests.verify.rule import examples

EVERY_RULE = pytest.mark.parametrize("name", RULES)


@EVERY_RULE
def test_passes(name: str) -> None:
    assert verify(examples(RULES[name].passes), only=[name]) == []


@EVERY_RULE
def test_fails(name: str) -> None:
    manifests = examples(RULES[name].fails)
    found = verify(manifests, only=[name])
    assert found
    for finding in found:
        assert finding.object in map(Identity.of, manifests)
        assert finding.message
        assert not finding.message.endswith(".")
        assert finding.fix


@EVERY_RULE
def test_is_documented(name: str) -> None:
    rule = RULES[name]
    assert rule.meaning.endswith(".")
    assert rule.group
    assert len(name) <= 63, "the name is that of an annotation"
