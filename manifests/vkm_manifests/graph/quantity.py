"""Quantities, as Kubernetes writes amounts of cpu, memory and storage: `250m`, `1.5`, `512Mi`, `2e9`."""

import re
from decimal import Decimal
from typing import Any, Final

_FORM: Final = re.compile(r"([-+]?(?:\d{1,30}\.?\d{0,30}|\.\d{1,30}))(?:([EPTGMK]i)|([numkMGTPE])|[eE]([-+]?\d{1,3}))?")
_BINARY: Final = {"Ki": 1, "Mi": 2, "Gi": 3, "Ti": 4, "Pi": 5, "Ei": 6}
_DECIMAL: Final = {"n": -9, "u": -6, "m": -3, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}


def quantity(value: Any) -> Decimal | None:
    """An amount as a number; None for what is no quantity.

    >>> quantity("250m"), quantity("1Ki"), quantity("1 GB")
    (Decimal('0.250'), Decimal('1024'), None)
    """
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    match = _FORM.fullmatch(str(value)) if isinstance(value, (str, float)) else None
    if match is None:
        return None
    number, binary, decimal, exponent = match.groups()
    if binary:
        return Decimal(number) * Decimal(1024) ** _BINARY[binary]
    return Decimal(number).scaleb(_DECIMAL[decimal] if decimal else int(exponent or 0))
