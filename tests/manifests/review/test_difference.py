"""What counts as a difference between two forms of an object: all that is one, and nothing that is none."""

import base64
import copy
import json
import os
import random
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any, Final, TypeAlias

import pytest
import yaml

from vkm_manifests.reading import read
from vkm_manifests.review.difference import Field, compare, field_name, leaves
from vkm_manifests.review.spelling import Path as FieldPath

Manifest: TypeAlias = dict[str, Any]
Place: TypeAlias = tuple[Any, ...]

EVERYTHING: Final = bool(os.environ.get("VKM_EVERYTHING"))
SNAPSHOTS: Final = Path(__file__).parents[2] / "__snapshots__" / "test_environment"
# One of so many values is in the sample; a prime, so that it meets every kind of place.
STEP: Final = 1 if EVERYTHING else 37

WEB: Final = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      initContainers:
        - {name: wait, image: "busybox:1.37"}
        - {name: migrate, image: "busybox:1.37"}
      containers:
        - name: web
          image: web:1.0
          args: [--port, "80", --verbose]
          env:
            - {name: HOST, value: db}
            - {name: URL, value: "http://$(HOST)/"}
            - {name: MODE, value: fast}
          ports:
            - {containerPort: 8080}
            - {containerPort: 8080, protocol: UDP}
          resources: {limits: {cpu: 500m, memory: 1Gi}}
          volumeMounts: [{name: tmp, mountPath: /tmp}, {name: data, mountPath: /data}]
      volumes:
        - {name: tmp, emptyDir: {}}
        - {name: data, persistentVolumeClaim: {claimName: data}}
"""
POLICY: Final = """
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {}
  ingress:
    - {from: [{podSelector: {matchLabels: {app: a}}}, {podSelector: {matchLabels: {app: b}}}], ports: [{port: 80}]}
    - {from: [{namespaceSelector: {}}], ports: [{port: 9100}, {port: 53, protocol: UDP}]}
"""


def load(text: str) -> Manifest:
    found = yaml.safe_load(text)
    assert isinstance(found, dict)
    return found


def changed(text: str, *replaced: tuple[str, str]) -> tuple[Manifest, Manifest]:
    after = text
    for old, new in replaced:
        assert after.count(old) == 1, old
        after = after.replace(old, new)
    return load(text), load(after)


def told(old: Manifest, new: Manifest) -> list[tuple[str, Any, Any]]:
    return [(field.name, field.old, field.new) for field in compare(old, new)]


def config(name: str, text: str) -> Manifest:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "files"}, "data": {name: text}}


# What is different.


@pytest.mark.parametrize(
    ("old", "new", "field", "was", "is_now"),
    [
        ("web:1.0", "web:1.1", "containers[web].image", "web:1.0", "web:1.1"),
        ("value: fast", "value: slow", "containers[web].env[MODE].value", "fast", "slow"),
        ("--verbose", "--quiet", "containers[web].args[2]", "--verbose", "--quiet"),
        ('"80", ', "", "containers[web].args[1]", "80", None),
        ("cpu: 500m", "cpu: 400m", "containers[web].resources.limits.cpu", "500m", "400m"),
        ("emptyDir: {}", "emptyDir: {medium: Memory}", "volumes[tmp].emptyDir.medium", "", "Memory"),
        ("mountPath: /data", "mountPath: /data, readOnly: true", "containers[web].volumeMounts[/data]", None, None),
    ],
)
def test_a_field_has_the_name_that_people_give_it(old: str, new: str, field: str, was: Any, is_now: Any) -> None:
    (found,) = compare(*changed(WEB, (old, new)))
    if was is None and is_now is None:
        assert (found.name, found.old, found.new) == (f"spec.template.spec.{field}.readOnly", False, True)
    else:
        assert (found.name, found.old, found.new) == (f"spec.template.spec.{field}", was, is_now)


def test_what_comes_and_what_goes_has_none_on_the_other_side() -> None:
    old, new = changed(WEB, ("- {name: MODE, value: fast}", "- {name: LEVEL, value: high}"))
    path = "spec.template.spec.containers[web].env"
    assert told(old, new) == [
        (f"{path}[MODE]", {"name": "MODE", "value": "fast"}, None),
        (f"{path}[LEVEL]", None, {"name": "LEVEL", "value": "high"}),
    ]


def test_what_comes_as_a_whole_is_shown_as_it_stands_there() -> None:
    old, new = load(WEB), load(WEB)
    proxy = {"name": "proxy", "image": "proxy:1.0", "ports": [{"containerPort": 80}]}
    new["spec"]["template"]["spec"]["containers"].append(proxy)
    assert told(old, new) == [("spec.template.spec.containers[proxy]", None, proxy)]


def test_what_another_field_brings_about_is_told_by_that_one() -> None:
    # Both change a default as well: of the pull policy, and of the request for memory.
    assert [name for name, *_ in told(*changed(WEB, ("web:1.0", "web:latest"), ("memory: 1Gi", "memory: 2Gi")))] == [
        "spec.template.spec.containers[web].image",
        "spec.template.spec.containers[web].resources.limits.memory",
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [(1, True), (0, False), (1, 1.0), (1, "1"), (True, "true"), (None, False), (None, ""), (None, 0), ("", False)],
)
def test_values_that_python_takes_for_equal_are_different(old: Any, new: Any) -> None:
    before, after = load(WEB), load(WEB)
    before["spec"]["template"]["spec"]["x"], after["spec"]["template"]["spec"]["x"] = old, new
    assert told(before, after) == [("spec.template.spec.x", old, new)]


def test_a_variable_that_stands_before_what_it_names_is_told_of() -> None:
    old, new = load(WEB), load(WEB)
    env = new["spec"]["template"]["spec"]["containers"][0]["env"]
    env[0], env[1] = env[1], env[0]
    order = (["HOST", "URL", "MODE"], ["URL", "HOST", "MODE"])
    assert told(old, new) == [("spec.template.spec.containers[web].env[order]", *order)]


def test_the_order_of_init_containers_and_of_middlewares_means_something() -> None:
    old, new = load(WEB), load(WEB)
    new["spec"]["template"]["spec"]["initContainers"].reverse()
    assert told(old, new) == [("spec.template.spec.initContainers[order]", ["wait", "migrate"], ["migrate", "wait"])]
    old = {"kind": "Middleware", "spec": {"chain": {"middlewares": [{"name": "login"}, {"name": "strip"}]}}}
    new = copy.deepcopy(old)
    new["spec"]["chain"]["middlewares"].reverse()
    assert told(old, new) == [("spec.chain.middlewares[order]", ["login", "strip"], ["strip", "login"])]


def test_an_item_of_a_set_is_shown_where_it_is_different() -> None:
    assert told(*changed(POLICY, ("port: 9100", "port: 9200"))) == [
        ("spec.ingress[1].ports[9100]", {"port": 9100, "protocol": "TCP"}, None),
        ("spec.ingress[1].ports[9200]", None, {"port": 9200, "protocol": "TCP"}),
    ]
    assert told(*changed(POLICY, ("app: b", "app: c"))) == [
        ("spec.ingress[0].from[1].podSelector.matchLabels.app", "b", "c")
    ]
    old = {"kind": "Certificate", "spec": {"dnsNames": ["a.example.com", "b.example.com"]}}
    new = {"kind": "Certificate", "spec": {"dnsNames": ["b.example.com", "c.example.com"]}}
    assert told(old, new) == [
        ("spec.dnsNames[a.example.com]", "a.example.com", None),
        ("spec.dnsNames[c.example.com]", None, "c.example.com"),
    ]


def test_a_route_for_another_host_is_the_same_route() -> None:
    route = {"kind": "Rule", "services": [{"name": "web", "port": 80}]}
    old, new = (
        {"kind": "IngressRoute", "spec": {"routes": [{**route, "match": match}, {"match": "Host(`b`)"}]}}
        for match in ("Host(`a`)", "Host(`a`) || Host(`c`)")
    )
    assert told(old, new) == [("spec.routes[Host(`a`)].match", "Host(`a`)", "Host(`a`) || Host(`c`)")]


def test_a_policy_that_lets_nothing_in_is_not_one_that_lets_all_in() -> None:
    policy = {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "spec": {"podSelector": {}}}
    closed = {**policy, "spec": {**policy["spec"], "ingress": []}}  # type: ignore[dict-item]
    opened = {**policy, "spec": {**policy["spec"], "ingress": [{}]}}  # type: ignore[dict-item]
    assert compare(policy, closed) == ()
    assert told(closed, opened) == [("spec.ingress", None, [{}])]


def test_of_two_items_with_one_name_both_are_seen() -> None:
    old, new = (
        {"kind": "Pod", "spec": {"containers": [{"name": "a", "env": [{"name": "A", "value": v} for v in values]}]}}
        for values in ("11", "12")
    )
    assert told(old, new) == [("spec.containers[a].env[A 2].value", "1", "2")]


def test_an_empty_mapping_that_chooses_is_different_from_none() -> None:
    old = {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy"}
    rules: list[Any] = [{"from": [{"namespaceSelector": {}}]}, {"from": [{"podSelector": {}}]}]
    before, after = ({**old, "spec": {"podSelector": {}, "ingress": [rule]}} for rule in rules)
    assert [field.name for field in compare(before, after)] == [
        "spec.ingress[0].from[0].podSelector",
        "spec.ingress[0].from[0].namespaceSelector",
    ]


def test_in_a_definition_an_empty_schema_says_something() -> None:
    old: Manifest = {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition"}
    new = {**old, "spec": {"properties": {"labels": {}}}}
    old["spec"] = {"properties": {}}
    assert told(old, new) == [("spec.properties.labels", None, {})]


def test_a_renamed_container_or_volume_shows_what_is_different() -> None:
    spec = "spec.template.spec"
    assert told(*changed(WEB, ("- name: web", "- name: app"), ("value: fast", "value: slow"))) == [
        (f"{spec}.containers[web].name", "web", "app"),
        (f"{spec}.containers[web].env[MODE].value", "fast", "slow"),
    ]
    assert told(*changed(WEB, ("- name: web\n          image: web:1.0", "- name: app\n          image: web:1.1"))) == [
        (f"{spec}.containers[web].name", "web", "app"),
        (f"{spec}.containers[web].image", "web:1.0", "web:1.1"),
    ]
    volumes = (
        ("{name: data, persistent", "{name: files, persistent"),
        ("{name: data, mountPath", "{name: files, mountPath"),
    )
    assert told(*changed(WEB, *volumes)) == [
        (f"{spec}.containers[web].volumeMounts[/data].name", "data", "files"),
        (f"{spec}.volumes[data].name", "data", "files"),
    ]


def test_another_container_or_volume_is_not_a_renamed_one() -> None:
    spec = "spec.template.spec"
    changes = ("name: web\n          image: web:1.0", "name: app\n          image: app:1.0")
    assert [name for name, *_ in told(*changed(WEB, changes))] == [f"{spec}.containers[web]", f"{spec}.containers[app]"]
    changes = ("- {name: data, persistentVolumeClaim: {claimName: data}}", "- {name: files, emptyDir: {}}")
    assert [name for name, *_ in told(*changed(WEB, changes))] == [f"{spec}.volumes[data]", f"{spec}.volumes[files]"]


def test_fields_stand_as_in_a_hand_written_manifest_however_the_keys_are_ordered() -> None:
    changes = (
        ("web:1.0", "web:1.1"),
        ("cpu: 500m", "cpu: 400m"),
        ("value: fast", "value: slow"),
        ("{app: web}}\n    ", "{a: b}}\n    "),
    )
    old, new = changed(WEB, *changes)
    new["metadata"]["annotations"] = {"b": "c", "a": "b"}
    fields = [
        "metadata.annotations",
        "spec.template.metadata.labels.a",
        "spec.template.metadata.labels.app",
        "spec.template.spec.containers[web].image",
        "spec.template.spec.containers[web].env[MODE].value",
        "spec.template.spec.containers[web].resources.limits.cpu",
    ]
    chance = random.Random(7)
    shown = {repr(compare(turned(old, chance), turned(new, chance))) for _ in range(10)}
    assert [field.name for field in compare(old, new)] == fields
    assert shown == {repr(compare(old, new))}


def turned(value: Any, chance: random.Random) -> Any:
    """The same, with the keys of each mapping in another order."""
    if isinstance(value, list):
        return [turned(item, chance) for item in value]
    if not isinstance(value, dict):
        return value
    return {key: turned(value[key], chance) for key in chance.sample(list(value), len(value))}


def test_a_definition_shows_which_property_of_which_version_is_gone() -> None:
    crd = {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition"}
    one, two = {"type": "string"}, {"type": "integer"}

    def version(name: str, **properties: Any) -> Manifest:
        return {"name": name, "served": True, "schema": {"openAPIV3Schema": {"properties": properties}}}

    old = {**crd, "spec": {"versions": [version("v1", a=one, b=two), version("v2", a=one)]}}
    new = {**crd, "spec": {"versions": [version("v2", a=one), version("v1", a=one)]}}
    assert told(old, new) == [("spec.versions[v1].schema.openAPIV3Schema.properties.b", two, None)]
    gone = {**crd, "spec": {"versions": [version("v2", a=one)]}}
    assert [name for name, *_ in told(old, gone)] == ["spec.versions[v1]"]


# What is not.


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("cpu: 500m", 'cpu: "0.5"'),
        ("memory: 1Gi", "memory: 1024Mi"),
        ("memory: 1Gi", "memory: 1073741824"),
        ("limits: {cpu: 500m, memory: 1Gi}", "limits: {memory: 1Gi, cpu: 0.5}, requests: {cpu: 500m, memory: 1Gi}"),
        ("selector: {matchLabels: {app: web}}", "selector: {matchLabels: {app: web}}\n  replicas: 1"),
        (
            "selector: {matchLabels: {app: web}}",
            "selector: {matchLabels: {app: web}}\n  strategy: {type: RollingUpdate}",
        ),
        ("selector: {matchLabels: {app: web}}", "selector: {matchLabels: {app: web}}\n  progressDeadlineSeconds: 600"),
        ("image: web:1.0", "image: web:1.0\n          imagePullPolicy: IfNotPresent"),
        ("{containerPort: 8080}", "{containerPort: 8080, protocol: TCP}"),
        ("mountPath: /tmp", "mountPath: /tmp, readOnly: false"),
        (
            "{app: web}}\n    spec:",
            "{app: web}, annotations: {}, creationTimestamp: null}\n    spec:\n      affinity: {}",
        ),
        ("{app: web}}\n    spec:", "{app: web}}\n    spec:\n      tolerations: []\n      serviceAccountName: default"),
        ("namespace: shop}", "namespace: shop, uid: abc, resourceVersion: '7', generation: 3}\nstatus: {replicas: 1}"),
    ],
)
def test_defaults_and_spellings_are_no_difference(old: str, new: str) -> None:
    before, after = changed(WEB, (old, new))
    assert before != after
    assert compare(before, after) == ()
    assert compare(after, before) == ()


def test_the_order_of_what_has_names_is_no_difference() -> None:
    old, new = load(WEB), load(WEB)
    spec = new["spec"]["template"]["spec"]
    spec["volumes"].reverse()
    for key in ("ports", "volumeMounts"):
        spec["containers"][0][key].reverse()
    spec["containers"][0]["env"].insert(0, spec["containers"][0]["env"].pop())
    assert compare(old, new) == ()
    old, new = load(POLICY), load(POLICY)
    new["spec"]["ingress"].reverse()
    for rule in new["spec"]["ingress"]:
        rule["from"].reverse()
        rule["ports"].reverse()
    assert compare(old, new) == ()


@pytest.mark.parametrize(
    ("kind", "old", "new"),
    [
        ("Certificate", {"duration": "2160h"}, {"duration": "2160h0m0s"}),
        (
            "PrometheusRule",
            {"groups": [{"name": "a", "interval": "60s"}]},
            {"groups": [{"interval": "1m", "name": "a"}]},
        ),
        ("CronJob", {"schedule": "@daily"}, {"schedule": "0 0  * * *"}),
        ("LimitRange", {"limits": [{"max": {"memory": "1Gi"}}]}, {"limits": [{"max": {"memory": "1024Mi"}}]}),
        ("Service", {"ports": [{"port": 80}]}, {"ports": [{"port": 80, "targetPort": 80, "protocol": "TCP"}]}),
    ],
)
def test_other_kinds_spell_as_freely(kind: str, old: Any, new: Any) -> None:
    before, after = ({"apiVersion": "v1", "kind": kind, "spec": spec} for spec in (old, new))
    assert compare(before, after) == ()


def test_what_has_the_form_of_an_amount_or_a_duration_and_is_none_is_a_text() -> None:
    def say(**spec: Any) -> Manifest:
        return {"apiVersion": "v1", "kind": "Pod", "spec": spec}

    assert compare(say(version="60m"), say(version="1h"))
    assert compare(say(labels={"interval": "60s"}), say(labels={"interval": "1m"}))
    assert compare(
        say(containers=[{"name": "a", "env": [{"name": "T", "value": "60s"}]}]),
        say(containers=[{"name": "a", "env": [{"name": "T", "value": "1m"}]}]),
    )
    assert compare(config("interval", "60s"), config("interval", "1m"))
    assert compare(
        say(containers=[{"name": "a", "resources": {"limits": {"cpu": "5m"}}}]),
        say(containers=[{"name": "a", "resources": {"limits": {"cpu": "300"}}}]),
    )


# Secrets.


def test_a_secret_says_what_it_holds_in_either_field_and_shows_nothing() -> None:
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "login"}}
    plain = {**secret, "stringData": {"password": "hunter2"}}
    encoded = {**secret, "type": "Opaque", "data": {"password": base64.b64encode(b"hunter2").decode()}}
    other = {**secret, "stringData": {"password": "hunter3", "user": "me"}}
    assert compare(plain, encoded) == compare(encoded, plain) == ()
    assert told(plain, other) == [
        ("stringData.password", "(hidden)", "(hidden)"),
        ("stringData.user", None, "(hidden)"),
    ]
    assert told(encoded, other)[0] == ("data.password", "(hidden)", "(hidden)")
    assert told(secret, plain) == [("stringData.password", None, "(hidden)")]


@pytest.mark.parametrize(
    "data",
    [
        "hunter2",
        ["hunter2"],
        {"a": {"b": "hunter2"}},
        {"a": ["hunter2"]},
        {"a": "aHVudGVyMg==x"},
        {"hunter": b"hunter2"},
    ],
)
@pytest.mark.parametrize("key", ["data", "stringData"])
def test_no_shape_of_a_secret_shows_its_values(key: str, data: Any) -> None:
    secret: Manifest = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "login"}}
    for old, new in ((secret, {**secret, key: data}), ({**secret, key: {"a": "b"}}, {**secret, key: data})):
        for before, after in ((old, new), (new, old)):
            assert compare(before, after)
            shown = repr([(field.old, field.new) for field in compare(before, after)])
            assert "hunter2" not in shown
            assert "aHVudGVyMg" not in shown


def test_of_what_is_no_text_only_that_it_is_different_is_shown() -> None:
    old, new = ({"kind": "ConfigMap", "binaryData": {"logo.png": text}} for text in ("iVBORw0K", "iVBORw0L"))
    (field,) = compare(old, new)
    assert field.name == "binaryData[logo.png]"
    assert str(field.old).startswith("(binary, ")
    assert field.old != field.new


# Anything at all.


def nested(depth: int, last: Any) -> Any:
    found = last
    for level in range(depth):
        found = [found] if level % 2 else {"a": found}
    return found


def test_what_nests_deeper_than_anything_is_compared() -> None:
    old, same, new = ({"kind": "Pod", "spec": nested(2000, last)} for last in (1, 1, 2))
    assert compare(old, same) == ()
    assert len(compare(old, new)) == 1


def test_a_long_set_shows_each_of_its_items() -> None:
    old, new = ({"kind": "X", "spec": {"sourceRange": [f"{sign}{n}" for n in range(3000)]}} for sign in "ab")
    assert len(compare(old, new)) == 6000


def test_a_long_list_takes_no_time_to_speak_of() -> None:
    old, new = ({"kind": "X", "spec": {"args": [f"{sign}{n % 3}" for n in range(5000)]}} for sign in "ab")
    assert len(compare(old, new)) == 5000


@pytest.mark.parametrize(
    "spec",
    [
        [],
        "x",
        [[]],
        {"containers": [None, {}, {"name": 1}]},
        {1: 2, None: 3, b"x": 4},
        {"template": []},
        {"ports": [[1]]},
    ],
)
@pytest.mark.parametrize("kind", ["Deployment", "Service", "NetworkPolicy", "Secret", ["Secret"], None])
def test_any_shape_is_compared(kind: Any, spec: Any) -> None:
    old, new = {"kind": kind, "spec": spec}, {"kind": kind, "spec": {"a": float("nan")}}
    assert compare(old, new)
    assert compare(new, old)
    assert compare(new, {"kind": kind, "spec": {"a": float("nan")}}) == ()


# Two of them are the same where they stand for nothing or for all; what is not the same is told in both directions.
VALUES: Final[tuple[Any, ...]] = (
    *(None, True, 0, 1.5, float("nan"), 10**30, "", "x", "\u0000", "a b\n{{", "1Gi", b"x", {1, 2}),
    *([], [None], [[]], ["x"], [{}], [0, True], ["x", {"name": "x"}], [{"name": "x"}, {"name": "x"}]),
    *(
        {},
        {"a": None},
        {None: 1},
        {1: {}},
        {(1, 2): 3},
        {"name": []},
        {"place": 1, "self": 2},
        {"matchLabels": {"a": {}}},
    ),
)


@pytest.mark.parametrize("text", [WEB, POLICY], ids=["Deployment", "NetworkPolicy"])
def test_any_value_anywhere_is_compared(text: str) -> None:
    manifest = load(text)
    everything = ((place, value) for place in all_places(manifest) for value in VALUES)
    for place, value in islice(everything, 0, None, 1 if EVERYTHING else 11):
        other = with_value(manifest, place, value)
        there, back = compare(manifest, other), compare(other, manifest)
        assert bool(there) == bool(back), (place, value)
        assert compare(other, copy.deepcopy(other)) == ()
        assert all(isinstance(field.name, str) for field in there)


def all_places(value: Any, place: Place = ()) -> Iterator[Place]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield (*place, key)
        yield from all_places(item, (*place, key))


def test_names_of_fields_are_read_easily() -> None:
    assert field_name(("metadata", "annotations", "a.b/c")) == "metadata.annotations[a.b/c]"
    assert field_name(("data", "prometheus.yml", "scrape_configs", "[node]", "scrape_interval")) == (
        "data[prometheus.yml].scrape_configs[node].scrape_interval"
    )


def test_a_field_knows_what_it_is_about() -> None:
    field = Field(("spec", "containers", "[a]", "image"), "a", "b")
    assert field.is_below("spec", "containers", "*")
    assert not field.is_below("spec", "containers", "[b]")
    assert not field.touches("spec", "containers", "[a]", "image", "tag")
    assert not field.touches("spec", "volumes")


@pytest.mark.parametrize(
    ("value", "path", "is_touched"),
    [
        ({"template": {"spec": {}}}, ("spec", "template", "spec"), True),
        ({"finalizers": ["kubernetes"]}, ("spec", "template", "spec"), False),
        ({"ports": [{"port": 80}]}, ("spec", "ports", "*", "port"), True),
        ({"ports": [{"port": 80}]}, ("spec", "ports", "*", "nodePort"), False),
        ({"a": {"b": 1}}, ("spec", "*", "b"), True),
        ({"a": {"b": 1}}, ("metadata", "a", "b"), False),
    ],
)
def test_what_comes_or_goes_as_a_whole_is_about_what_it_holds(value: Any, path: FieldPath, is_touched: bool) -> None:
    assert Field(("spec",), None, value).touches(*path) is is_touched
    assert Field(("spec",), value, None).touches(*path) is is_touched


def test_leaves_are_what_is_stated_line_by_line() -> None:
    assert list(leaves(config("run.sh", "set -e\nrun\n"))) == [
        (("apiVersion",), "v1"),
        (("kind",), "ConfigMap"),
        (("metadata", "name"), "files"),
        (("data", "run.sh"), "set -e"),
        (("data", "run.sh"), "run"),
    ]


# The environment.


@pytest.fixture(scope="module")
def environment() -> list[Manifest]:
    return [copy.deepcopy(dict(item.manifest)) for item in read([str(SNAPSHOTS)])]


def places(value: Any, place: Place = ()) -> Iterator[tuple[Place, Any]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from places(item, (*place, key))
    if not isinstance(value, (dict, list)):
        yield place, value


def with_value(manifest: Manifest, place: Place, value: Any) -> Manifest:
    found = copy.deepcopy(manifest)
    holder: Any = found
    for step in place[:-1]:
        holder = holder[step]
    holder[place[-1]] = value
    return found


def other_than(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, str) and value[:1] == "{":
        return json.dumps({**json.loads(value), "title": "another"})
    return f"{value}x" if isinstance(value, str) else value + 1


def test_no_other_value_is_hidden(environment: list[Manifest]) -> None:
    everywhere = ((manifest, *place) for manifest in environment for place in places(manifest))
    count = 0
    for manifest, place, value in islice(everywhere, 0, None, STEP):
        found = compare(manifest, with_value(manifest, place, other_than(value)))
        assert found, (manifest["metadata"], place)
        keys = [step for step in place if isinstance(step, str)][:2]
        names = [[step for step in field.path if not step.startswith("[")][:2] for field in found]
        assert place == ("kind",) or keys[: len(names[0])] in names, (manifest["metadata"], place)
        count += 1
    assert count > 100


# Lists that have names or are sets, and defaults, as somebody else may write them.
SHUFFLED: Final = (
    "volumes",
    "volumeMounts",
    "ports",
    "containers",
    "rules",
    "dnsNames",
    "ingress",
    "egress",
    "from",
    "to",
)
STATED: Final[dict[str, Manifest]] = {
    "CronJob": {"suspend": False, "successfulJobsHistoryLimit": 3, "failedJobsHistoryLimit": 1},
    "Deployment": {"minReadySeconds": 0, "paused": False, "revisionHistoryLimit": 10},
    "PersistentVolumeClaim": {"volumeMode": "Filesystem"},
    "Service": {"type": "ClusterIP", "sessionAffinity": "None", "publishNotReadyAddresses": False},
    "StatefulSet": {"podManagementPolicy": "OrderedReady", "revisionHistoryLimit": 10},
}


def spelled(value: Any, chance: random.Random, key: str = "") -> Any:
    """The same in other words."""
    if isinstance(value, dict):
        items = [(name, spelled(item, chance, name)) for name, item in value.items()]
        chance.shuffle(items)
        return dict(items)
    if isinstance(value, list):
        items = [spelled(item, chance) for item in value]
        if key in SHUFFLED:
            chance.shuffle(items)
        return items
    return value


def test_the_same_in_other_words_is_the_same(environment: list[Manifest]) -> None:
    chance = random.Random(7)
    for manifest in environment:
        other = spelled(manifest, chance)
        if manifest["kind"] in STATED:
            other["spec"] = {**STATED[manifest["kind"]], **other["spec"]}
        assert compare(manifest, other) == (), manifest["metadata"]
        assert compare(other, manifest) == (), manifest["metadata"]
