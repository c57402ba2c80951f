"""Security: secrets and stores."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from vkm_manifests.graph import shape
from vkm_manifests.graph.pod import Container
from vkm_manifests.graph.resource import Finding, Resource
from vkm_manifests.identity import Identity
from vkm_manifests.review.change import Change
from vkm_manifests.review.comparison import Comparison
from vkm_manifests.review.examples import REDIS
from vkm_manifests.review.risk import Concern, risk
from vkm_manifests.review.wording import does, in_turn, listed
from vkm_manifests.verify import RULES, plain_sight

_CONTAINER: Final = re.compile(r"(?:containers|initContainers|ephemeralContainers)\[")
_IN_PLAIN_SIGHT: Final = (
    "no-secret-in-environment",
    "no-secret-in-arguments",
    "no-secret-in-config-map",
    "secret-is-made-elsewhere",
)


@risk(
    "security",
    before=REDIS,
    breaks={"valueFrom: {secretKeyRef: {name: cache, key: password}}": "value: hunter2"},
    passes={"key: password": "key: main-password"},
)
def secret_is_in_plain_sight(comparison: Comparison) -> Iterator[Concern]:
    """A secret stands in the manifests, where whoever reads them reads it.

    Once it has been pushed, it is known: only another one helps. What looks like a secret is found as the
    verification does: by its name, and by its form.
    """
    told: dict[Change, list[Finding]] = defaultdict(list)
    for rule in _IN_PLAIN_SIGHT:
        known = {(found.object, found.field, found.message) for found in RULES[rule].check(comparison.old)}
        for found in RULES[rule].check(comparison.new):
            change = comparison.by_identity.get(found.object)
            if change and not _was_found(comparison, found, known):
                told[change].append(found)
    for change, findings in told.items():
        words = [f"{_short(found.field)} {found.message.replace(', as its name says', '')}" for found in findings]
        fix = findings[0].fix
        yield change.concern(
            in_turn(words), do=f"{fix}; and change the secret, which is known now", field=findings[0].field
        )


def _short(field: str) -> str:
    """The end of a field: `containers[web].env[PASSWORD]`."""
    found = _CONTAINER.search(field)
    return field[found.start() :] if found else field


def _was_found(comparison: Comparison, found: Finding, known: set[tuple[Identity, str, str]]) -> bool:
    former = comparison.former(found.object) or found.object
    return any((identity, found.field, found.message) in known for identity in (found.object, former))


@risk(
    "security",
    before=REDIS.replace("PASSWORD", "USER_NAME"),
    breaks={"valueFrom: {secretKeyRef: {name: cache, key: password}}": "value: shop"},
    passes={"key: password": "key: user"},
)
def value_was_from_a_secret(comparison: Comparison) -> Iterator[Concern]:
    """A variable that came from a Secret stands in the manifest.

    Where its name or form says that it is a secret, that is told instead.
    """
    for item in comparison.pods:
        for old, new in item.containers():
            if not old or not new:
                continue
            before = {
                name: value for name, value in _variables(old) if shape.mapping(value, "valueFrom", "secretKeyRef")
            }
            names = [name for name, value in _variables(new) if name in before and shape.text(value, "value")]
            left = [name for name in names if not _looks_like_a_secret(dict(_variables(new))[name])]
            if left:
                yield item.change.concern(
                    f"no longer from a Secret, but as text: {listed(left)} of container {new.name}",
                    do="keep secretKeyRef, if it is a secret",
                    field=f"{new.field}.env[{left[0]}]",
                )


def _variables(container: Container) -> Iterator[tuple[str, Mapping[str, Any]]]:
    return ((shape.text(item, "name"), item) for item in shape.mappings(container.manifest, "env"))


def _looks_like_a_secret(variable: Mapping[str, Any]) -> bool:
    name, value = shape.text(variable, "name"), shape.text(variable, "value")
    return plain_sight.is_secret(name, value) or any(plain_sight.secrets_in(value))


_STORE: Final = """
apiVersion: external-secrets.io/v1
kind: ClusterSecretStore
metadata: {name: vault}
spec:
  conditions: [{namespaces: [shop, blog]}]
  provider: {fake: {data: []}}
"""


@risk(
    "security",
    before=_STORE,
    breaks={"namespaces: [shop, blog]": "namespaces: [shop, blog, forum]"},
    passes={"namespaces: [shop, blog]": "namespaces: [blog]"},
)
def store_serves_more_namespaces(comparison: Comparison) -> Iterator[Concern]:
    """More namespaces may read a ClusterSecretStore: an ExternalSecret there gets whatever the store can read.

    Without conditions, all namespaces may (External Secrets 2.x).
    """
    for change in comparison.changed("ClusterSecretStore"):
        before, after = (shape.mappings(side.spec, "conditions") for side in (change.old, change.new))
        moved = {f"namespace {c.object.name}" for c in comparison.come("Namespace") if c.renamed_from}
        told = sorted(_conditions(after) - _conditions(before) - moved)
        if before and not after:
            told = ["every namespace"]
        if before and told:
            yield change.concern(
                f"{listed(told)} may read the store, and whatever it can read",
                do="check that everybody who may create ExternalSecrets there may know all of the store's secrets",
                field=change.field("spec", "conditions") or "",
            )


def _conditions(conditions: Sequence[Mapping[str, Any]]) -> set[str]:
    found = set()
    for condition in conditions:
        found |= {f"namespace {name}" for name in shape.texts(condition, "namespaces")}
        found |= {f"each namespace like {form}" for form in shape.texts(condition, "namespaceRegexes")}
        if selector := shape.mapping(condition, "namespaceSelector"):
            wanted = ", ".join(f"{key}={value}" for key, value in sorted(shape.labels(selector, "matchLabels").items()))
            found.add(f"each namespace with {wanted or 'the labels of its selector'}")
    return found


_WEBHOOK: Final = """
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: policy}
webhooks:
- {name: policy.shop.test, failurePolicy: Fail, timeoutSeconds: 5, sideEffects: None}
"""


@risk(
    "security",
    before=_WEBHOOK,
    breaks={"failurePolicy: Fail": "failurePolicy: Ignore"},
    passes={"timeoutSeconds: 5": "timeoutSeconds: 10"},
)
def admission_is_not_enforced(comparison: Comparison) -> Iterator[Concern]:
    """What an admission webhook or policy refused gets in: always, or while the webhook does not answer.

    In `admissionregistration.k8s.io/v1`, failurePolicy is Fail by default. Of Kyverno's policies, what the rules of
    ClusterPolicy and Policy enforce is read; by default they only report what they find (Kyverno 1.17).
    """
    for change in comparison.changes:
        if change.kind in _ADMISSION and change.old and not change.renamed_from:
            for words, field in _let_in(change.old, change.new):
                yield change.concern(words, do="take the change back, or say what refuses it now", field=field)


_ADMISSION: Final = (
    "ClusterPolicy",
    "MutatingWebhookConfiguration",
    "Policy",
    "ValidatingAdmissionPolicy",
    "ValidatingAdmissionPolicyBinding",
    "ValidatingWebhookConfiguration",
)


def _let_in(old: Resource, new: Resource | None) -> Iterator[tuple[str, str]]:
    """What gets in that an object refused, in words, and the field by which it does."""
    if new is None:
        if "Mutating" not in old.kind and _refusing(old):
            yield "what it refused gets in", ""
    elif "Webhook" in old.kind:
        after = _webhooks(new)
        for name, webhook in _webhooks(old).items():
            if name not in after:
                yield f"webhook {name} is no longer asked", f"webhooks[{name}]"
            elif _fails(webhook) and not _fails(after[name]):
                field = f"webhooks[{name}].failurePolicy"
                yield f"what webhook {name} refuses gets in while it does not answer", field
            elif lost := sorted(_operations(webhook) - _operations(after[name])):
                yield f"webhook {name} is no longer asked about {listed(lost)}", f"webhooks[{name}].rules"
    elif old.kind == "ValidatingAdmissionPolicy":
        if _fails(old.spec) and not _fails(new.spec):
            yield "what it cannot judge gets in", "spec.failurePolicy"
    elif lost := sorted(_refusing(old) - _refusing(new)):
        yield f"what {listed(lost)} {does(len(lost), 'finds', 'find')} gets in", "spec"


def _refusing(resource: Resource) -> set[str]:
    """What of an object refuses something."""
    if resource.kind == "ValidatingAdmissionPolicyBinding":
        return {"its policy"} if "Deny" in shape.texts(resource.spec, "validationActions") else set()
    if resource.kind not in ("ClusterPolicy", "Policy"):
        return {"all of it"}
    usual = shape.text(resource.spec, "validationFailureAction")
    return {
        f"rule {shape.text(rule, 'name')}"
        for rule in shape.mappings(resource.spec, "rules")
        if (shape.text(rule, "validate", "failureAction") or usual).lower() == "enforce" and rule.get("validate")
    }


def _webhooks(configuration: Resource) -> Mapping[str, Mapping[str, Any]]:
    return {shape.text(item, "name"): item for item in shape.mappings(configuration.manifest, "webhooks")}


def _operations(webhook: Mapping[str, Any]) -> set[str]:
    given = {text for rule in shape.mappings(webhook, "rules") for text in shape.texts(rule, "operations")}
    return {"CREATE", "UPDATE", "DELETE", "CONNECT"} if "*" in given else given


def _fails(item: Mapping[str, Any]) -> bool:
    return (shape.text(item, "failurePolicy") or "Fail") == "Fail"
