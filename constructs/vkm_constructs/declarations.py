"""What an object says to its verification: what is meant, and what is made elsewhere."""

from collections.abc import Mapping, Sequence

import cdk8s
import yaml

from vkm_constructs.errors import Checks, nearest
from vkm_manifests.graph.outside import MADE_OUTSIDE, Outside
from vkm_manifests.verify import RULES
from vkm_manifests.verify.ignore import IGNORE_RULE


def ignore_rule(target: cdk8s.ApiObject, rule: str, *, because: str) -> None:
    """Say that what a rule finds in one object is meant.

    Sets the annotation `ignore-rule.vkm-constructs/<rule>`, so that whoever reads the manifest knows as well.

    Args:
        target: an L1 object, such as `app.deployment`.
        rule: its name, from docs/rules.md or `vkm verify --list-rules`.
        because: the reason, for the person who reads the manifest.

    Raises:
        ConstructError: there is no such rule, or no reason is given.
    """
    check = Checks(target)
    if rule not in RULES:
        likely = nearest(rule, RULES)
        check.refuse(
            "rule",
            rule,
            "is no rule",
            accepted="one of those that `vkm verify --list-rules` lists",
            fix=f'ignore_rule(..., "{likely[0]}", because=...)',
        )
    if not because.strip():
        check.refuse("because", because, "says nothing", accepted="the reason, in words", fix='because="..."')
    check.done()
    target.metadata.add_annotation(f"{IGNORE_RULE}{rule}", because)


def made_outside(
    target: cdk8s.ApiObject,
    kind: str,
    name: str,
    *,
    by: str,
    namespace: str | None = None,
    keys: Sequence[str] = (),
    labels: Mapping[str, str] | None = None,
    ports: Mapping[str, int] | None = None,
) -> None:
    """Declare that something which an object uses is made elsewhere: by hand, by an operator, by another repository.

    Adds it to the annotation `vkm-constructs/made-outside`, where verification finds it.

    Args:
        target: the L1 object that uses it.
        kind: `Secret`, `ConfigMap`, `StorageClass`, `ClusterIssuer`, ...; `Pod` for pods of somebody else's workload.
        name: of what is used; of pods, what a person calls them.
        by: who makes it, or where that is described.
        namespace: where it is. Default: that of `target`.
        keys: those of a Secret or ConfigMap. Default: any.
        labels: of pods.
        ports: of pods: name to number.

    Raises:
        ConstructError: a text is empty, or pods are declared without labels.
    """
    check = Checks(target)
    for argument, value in (("kind", kind), ("name", name), ("by", by)):
        if not value.strip():
            check.refuse(argument, value, "is empty", accepted="a text", fix=f'{argument}="..."')
    if kind == "Pod" and not labels:
        check.refuse(
            "labels", labels, "tell nothing of the pods", accepted="the pods' labels", fix='labels={"app": "..."}'
        )
    check.done()
    outside = Outside(kind=kind, name=name, by=by, namespace=namespace, keys=tuple(keys), labels=labels, ports=ports)
    annotations = (target.metadata.to_json() or {}).get("annotations") or {}
    items = [*yaml.safe_load(annotations.get(MADE_OUTSIDE, "[]")), outside.to_dict()]
    text = yaml.safe_dump(items, sort_keys=False, width=2**31 - 1, allow_unicode=True)
    target.metadata.add_annotation(MADE_OUTSIDE, text)
