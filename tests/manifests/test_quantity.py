"""Quantities, as Kubernetes reads them."""

from decimal import Decimal
from typing import Any

import pytest

from vkm_manifests.graph.quantity import quantity


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("250m", "0.25"),
        ("1.5", "1.5"),
        (".5", "0.5"),
        ("5.", "5"),
        (2, "2"),
        (0.1, "0.1"),
        ("1Ki", "1024"),
        ("1k", "1000"),
        ("1.5Gi", "1610612736"),
        ("1E", "1000000000000000000"),
        ("1E3", "1000"),
        ("2e-1", "0.2"),
        ("100n", "0.0000001"),
        ("-1", "-1"),
    ],
)
def test_is_a_quantity(value: Any, expected: str) -> None:
    assert quantity(value) == Decimal(expected)


@pytest.mark.parametrize(
    "value", ["", "1 Gi", "1GB", "1K", "1ki", "Gi", "1m5", "0x10", "1" * 99, None, True, [], {}, float("nan")]
)
def test_is_no_quantity(value: Any) -> None:
    assert quantity(value) is None
