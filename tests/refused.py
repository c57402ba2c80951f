"""What a test says of a refusal: the whole text that the user sees."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from textwrap import dedent
from traceback import walk_tb

import pytest

from vkm_constructs import ConstructError


@contextmanager
def refused(text: str) -> Iterator[None]:
    """The block raises ConstructError with exactly this text, and at the line of the block that called us.

    Args:
        text: all of it, but for `file:line` at its start; indentation is removed.
    """
    with pytest.raises(ConstructError) as caught:
        yield
    file, line = next(
        (Path(frame.f_code.co_filename), line)
        for frame, line in walk_tb(caught.tb)
        if frame.f_code.co_filename != __file__
    )
    shown, _, rest = str(caught.value).partition("  ")
    assert rest == dedent(text).strip("\n")
    assert (Path(shown.rpartition(":")[0]).resolve(), shown.rpartition(":")[2]) == (file.resolve(), str(line))
