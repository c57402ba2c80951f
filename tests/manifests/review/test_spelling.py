"""What says the same in other words."""

from decimal import Decimal
from typing import Any

import pytest

from vkm_manifests.review.spelling import is_reordered, is_same, is_set, item_keys, seconds

LIMITS = ("spec", "containers", "[a]", "resources", "limits", "cpu")


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ("500m", 0.5, LIMITS),
        ("1", 1, LIMITS),
        ("1Ki", "1024", LIMITS),
        ("1Gi", "1024Mi", ("spec", "volumes", "[a]", "emptyDir", "sizeLimit")),
        ("1", "1000m", ("spec", "metrics", "[0]", "resource", "target", "averageValue")),
        ("1h", "60m0s", ("spec", "refreshInterval")),
        ("0.3s", "300ms", ("spec", "timeout")),
        ("1d", "24h", ("spec", "groups", "[a]", "rules", "[b]", "for")),
        ("@hourly", "0 * * * *", ("spec", "schedule")),
    ],
)
def test_the_same(old: Any, new: Any, path: tuple[str, ...]) -> None:
    assert is_same(old, new, path)
    assert is_same(new, old, path)


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ("5m", "300", LIMITS),
        ("1G", "1Gi", LIMITS),
        ("x", "x ", LIMITS),
        (True, 1, LIMITS),
        ("1Gi", "1024Mi", ("data", "limits", "size")),
        ("60s", "1m", ("metadata", "labels", "interval")),
        ("60s", "1m", ("data", "interval")),
        ("60s", "1m", ("spec", "version")),
        ("1m", "1M", ("spec", "interval")),
        ("8080", 8080, ("spec", "ports", "[80]", "targetPort")),
        ("1.0", "1.00", ("spec", "version")),
        ("1000m", "1", ("spec", "versions", "[v1]", "schema", "default", "x")),
    ],
)
def test_not_the_same(old: Any, new: Any, path: tuple[str, ...]) -> None:
    assert not is_same(old, new, path)
    assert not is_same(new, old, path)


@pytest.mark.parametrize("text", ["", "5", "m", "1 h", "1h ", "-1h", "1H", "1.h", "1e3s"])
def test_what_is_no_duration_has_no_length(text: str) -> None:
    assert seconds(text) is None


def test_durations_are_exact() -> None:
    assert seconds("1h2m3s4ms5us6ns") == Decimal("3723.004005006")
    assert seconds("0") == seconds("0s") == 0


@pytest.mark.parametrize(
    ("name", "items", "keys"),
    [
        ("containers", [{"name": "a"}, {"name": "b"}], ["[a]", "[b]"]),
        ("ports", [{"containerPort": 80}, {"port": 53, "protocol": "UDP"}, {}], ["[80]", "[53/UDP]", "[any]"]),
        ("volumeClaimTemplates", [{"metadata": {"name": "data"}}], ["[data]"]),
        ("topologySpreadConstraints", [{"topologyKey": "zone", "whenUnsatisfiable": "X"}], ["[zone X]"]),
        ("rules", [{"host": "a.example.com"}, {"http": {}}], ["[a.example.com]", "[*]"]),
        ("rules", [{"alert": "Down"}, {"alert": "Down"}, {"record": "a:b"}], ["[Down]", "[Down 2]", "[a:b]"]),
        ("services", [{"name": "a", "port": 80}, {"name": "a", "port": 81}], ["[a 80]", "[a 81]"]),
        ("anything", [{"name": "a"}, {"id": 7}], ["[a]", "[7]"]),
        ("args", [{"name": "a"}], None),
        ("containers", [{"name": "a"}, None], None),
        ("containers", [{"name": ["a"]}], None),
        ("ports", [80], None),
    ],
)
def test_items_of_a_list_are_told_apart(name: str, items: list[Any], keys: list[str] | None) -> None:
    assert item_keys(("spec", name), items) == keys


def test_a_set_is_one_where_it_is_known() -> None:
    assert is_set(("rules",), in_document=False)
    assert is_set(("webhooks", "[a]", "rules"), in_document=False)
    assert not is_set(("spec", "podFailurePolicy", "rules"), in_document=False)
    assert not is_set(("data", "a.json", "values"), in_document=True)


def test_order_means_something_where_nobody_says_that_it_does_not() -> None:
    old, new = {"[a]": 1, "[b]": 2}, {"[b]": 2, "[c]": 3, "[a]": 1}
    assert is_reordered(("spec", "steps"), old, new)
    assert not is_reordered(("spec", "steps"), old, {"[c]": 3, **old})
    assert not is_reordered(("spec", "containers"), old, new)
