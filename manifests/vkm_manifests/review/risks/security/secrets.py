"""Security: secrets and stores."""

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
from vkm_manifests.review.risk import risk
from vkm_manifests.review.risks.security.pods import Concerns
from vkm_manifests.review.risks.security.transport import first_field
from vkm_manifests.review.wording import in_turn, listed
from vkm_manifests.verify import plain_sight
from vkm_manifests.verify.rules import pods as plain

_IN_PLAIN_SIGHT: Final = (
    plain.no_secret_in_environment,
    plain.no_secret_in_arguments,
    plain.no_secret_in_config_map,
    plain.secret_is_made_elsewhere,
)


@risk(
    "security",
    before=REDIS,
    breaks={"valueFrom: {secretKeyRef: {name: cache, key: password}}": "value: hunter2"},
    passes={"key: password": "key: main-password"},
)
def secret_is_in_plain_sight(comparison: Comparison) -> Concerns:
    """A secret stands in the manifests, where whoever reads them reads it.

    Once it has been pushed, it is known: only another one helps. What looks like a secret is found as the
    verification does: by its name, and by its form.
    """
    told: dict[Change, list[Finding]] = defaultdict(list)
    for check in _IN_PLAIN_SIGHT:
        known = {(found.object, found.field, found.message) for found in check(comparison.old)}
        for found in check(comparison.new):
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
    return field[field.index("ontainers[") - 1 :] if "ontainers[" in field else field


def _was_found(comparison: Comparison, found: Finding, known: set[tuple[Identity, str, str]]) -> bool:
    former = comparison.former(found.object) or found.object
    return any((identity, found.field, found.message) in known for identity in (found.object, former))


@risk(
    "security",
    before=REDIS.replace("PASSWORD", "USER_NAME"),
    breaks={"valueFrom: {secretKeyRef: {name: cache, key: password}}": "value: shop"},
    passes={"key: password": "key: user"},
)
def value_was_from_a_secret(comparison: Comparison) -> Concerns:
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
def store_serves_more_namespaces(comparison: Comparison) -> Concerns:
    """More namespaces may read a ClusterSecretStore: an ExternalSecret there gets whatever the store can read.

    Without conditions, all namespaces may (External Secrets 2.x).
    """
    for change in comparison.changed("ClusterSecretStore"):
        if not change.old or not change.new:
            continue
        before, after = (shape.mappings(side.spec, "conditions") for side in (change.old, change.new))
        moved = {f"namespace {c.object.name}" for c in comparison.come("Namespace") if c.renamed_from}
        told = sorted(_conditions(after) - _conditions(before) - moved)
        if before and not after:
            told = ["every namespace"]
        if before and told:
            yield change.concern(
                f"{listed(told)} may read the store, and whatever it can read",
                do="check that everybody who may create ExternalSecrets there may know all of the store's secrets",
                field=first_field(change, "spec", "conditions"),
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
def admission_is_not_enforced(comparison: Comparison) -> Concerns:
    """What an admission webhook or policy refuses gets in when it does not answer, or always.

    In `admissionregistration.k8s.io/v1`, failurePolicy is Fail by default.
    """
    for change in comparison.changed("ValidatingWebhookConfiguration", "MutatingWebhookConfiguration"):
        if change.old and change.new:
            before, after = _failing(change.old), _failing(change.new)
            for name in sorted(before & {*_webhooks(change.new)} - after):
                yield change.concern(
                    f"what webhook {name} refuses gets in while it does not answer",
                    do="keep failurePolicy: Fail, and have two replicas of it",
                    field=f"webhooks[{name}].failurePolicy",
                )
    for change in comparison.removed("ValidatingWebhookConfiguration", "ValidatingAdmissionPolicy"):
        if change.new is None:
            yield change.concern("what it refused gets in", do="say what refuses it now")
    for change in comparison.changed("ValidatingAdmissionPolicy"):
        if change.old and change.new and _fails(change.old.spec) and not _fails(change.new.spec):
            yield change.concern(
                "what it cannot judge gets in", do="keep failurePolicy: Fail", field="spec.failurePolicy"
            )
    for change in comparison.changed("ValidatingAdmissionPolicyBinding"):
        if change.old and change.new:
            denied, denies = (
                "Deny" in shape.texts(side.spec, "validationActions") for side in (change.old, change.new)
            )
            if denied and not denies:
                yield change.concern(
                    "what its policy finds gets in",
                    do="keep Deny",
                    field=first_field(change, "spec", "validationActions"),
                )


def _webhooks(configuration: Resource) -> Iterator[str]:
    return (shape.text(item, "name") for item in shape.mappings(configuration.manifest, "webhooks"))


def _failing(configuration: Resource) -> set[str]:
    webhooks = shape.mappings(configuration.manifest, "webhooks")
    return {shape.text(item, "name") for item in webhooks if _fails(item)}


def _fails(item: Mapping[str, Any]) -> bool:
    return (shape.text(item, "failurePolicy") or "Fail") == "Fail"
