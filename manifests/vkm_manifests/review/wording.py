"""Wording: how a reason names several things, and counts them."""

from collections.abc import Iterable, Sequence
from typing import Final

_MOST: Final = 3


def listed(names: Iterable[str]) -> str:
    """Names in a sentence, each once: the first three, and how many more there are.

    >>> listed(["a", "b", "a"]), listed("abcde")
    ('a and b', 'a, b, c and 2 more')
    """
    each = list(dict.fromkeys(names))
    if len(each) > _MOST:
        return f"{', '.join(each[:_MOST])} and {len(each) - _MOST} more"
    return " and ".join(filter(None, (", ".join(each[:-1]), *each[-1:])))


def counted(number: int, noun: str) -> str:
    """A number of things.

    >>> counted(1, "pod"), counted(2, "pod")
    ('1 pod', '2 pods')
    """
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def does(number: int, one: str, several: str) -> str:
    """A verb, as it stands after so many.

    >>> does(1, "waits", "wait"), does(2, "waits", "wait")
    ('waits', 'wait')
    """
    return one if number == 1 else several


def in_turn(words: Sequence[str]) -> str:
    """The first three of them, where they have commas of their own.

    >>> in_turn(["a, b", "c"])
    'a, b; c'
    """
    if len(words) > _MOST + 1:
        words = [*words[:_MOST], f"{len(words) - _MOST} more"]
    return "; ".join(words)
