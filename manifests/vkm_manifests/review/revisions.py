"""Revisions: the manifests that are committed in a git repository."""

import subprocess
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from shutil import which

from vkm_manifests.reading import ENDINGS, Read, UnreadableError, parse, read

SNAPSHOTS = "tests/__snapshots__"
"""Where a revision's manifests lie, unless it is said."""


def read_side(side: str, folder: str = SNAPSHOTS) -> list[Read]:
    """The manifests of one side of a review, in a fixed order.

    Args:
        side: a file or folder, `-` for standard input, or a git revision: `main`, `v1.2`, `HEAD~3`, or with a path of
            its own, `main:dist`. What is there as a file or folder is taken as such.
        folder: what is read of a revision that has no path of its own; as seen from here if it is there, else from the
            top of the repository.

    Raises:
        UnreadableError: there is neither such a file nor such a revision, it holds no manifest, or something else.
    """
    revision, _, path = side.partition(":")
    if not revision:
        raise UnreadableError(f"'{side}' names no file, folder or revision")
    if side == "-" or Path(side).exists():
        return read([side])
    _check_revision(revision)
    return _read_revision(revision, _from_the_top(revision, (path or folder).rstrip("/") or "."))


def split_range(text: str) -> tuple[str, str] | None:
    """Both revisions of `main..HEAD`; of `main...HEAD`, where they part, and the second. None for what is no range."""
    if Path(text).exists() or ".." not in text:
        return None
    if "..." in text:
        first, _, second = text.partition("...")
        for revision in (first or "HEAD", second or "HEAD"):
            _check_revision(revision)
        done = _git("merge-base", first or "HEAD", second or "HEAD")
        if done is None:
            raise UnreadableError(f"{text}: the revisions have nothing in common, as far as this clone goes back")
        return done.decode().strip(), second or "HEAD"
    first, _, second = text.partition("..")
    return first or "HEAD", second or "HEAD"


def _check_revision(revision: str) -> None:
    if _git("rev-parse", "--git-dir") is None:
        why = "this is no git repository" if which("git") else "git is not installed"
        raise UnreadableError(f"{revision}: there is no such file or folder, and {why}")
    if revision.startswith("-") or _git("rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}") is None:
        raise UnreadableError(f"{revision}: is no file or folder, and no revision of this git repository")


def _from_the_top(revision: str, path: str) -> str:
    """A path as git takes it; somebody may stand in a folder of the repository, and name what is below it."""
    here = (_git("rev-parse", "--show-prefix") or b"").decode().strip()
    below = str(PurePosixPath(here, path))
    return below if here and _names(revision, below) else path


def _read_revision(revision: str, path: str) -> list[Read]:
    found = [item for name, content in _files(revision, path) for item in parse(f"{revision}:{name}", content)]
    if not found:
        raise UnreadableError(f"{revision}: holds no manifest in {path}{_hint(revision)}")
    return found


def _hint(revision: str) -> str:
    folders = sorted({str(PurePosixPath(name).parent) for name in _names(revision, ".") if "__snapshots__/" in name})
    if folders:
        there = ", ".join(folders[:3])
        return f"; there are snapshots in {there}: name the folder with --in, or as {revision}:{folders[0]}"
    return f"; name the folder with --in, or as {revision}:FOLDER"


def _names(revision: str, path: str) -> list[str]:
    return sorted(_blobs(revision, path))


def _blobs(revision: str, path: str) -> dict[str, str]:
    """Each file below a path, to git's name for its content; no links, and nothing that is hidden."""
    # From the top of the repository, wherever in it somebody stands.
    done = _git("ls-tree", "-r", "-z", "--full-tree", revision, "--", path)
    entries = (entry.partition(b"\t") for entry in (done or b"").split(b"\0") if entry)
    found = {name.decode(errors="replace"): head.decode().split() for head, _, name in entries}
    return {
        name: blob
        for name, (mode, _, blob) in found.items()
        if mode.startswith("100") and name.endswith(ENDINGS) and not _is_hidden(name, path)
    }


def _is_hidden(name: str, path: str) -> bool:
    return any(part.startswith(".") for part in PurePosixPath(name).parts[len(PurePosixPath(path).parts) :])


def _files(revision: str, path: str) -> Iterator[tuple[str, bytes]]:
    """Every file below a path, with its content: by one process for all of them."""
    blobs = _blobs(revision, path)
    names = sorted(blobs)
    asked = "".join(f"{blobs[name]}\n" for name in names)
    answer = _git("cat-file", "--batch", given=asked.encode()) or b""
    start = 0
    for name in names:
        head, _, _ = answer[start:].partition(b"\n")
        size = int(head.split()[-1])
        start += len(head) + 1
        yield name, answer[start : start + size]
        start += size + 1


def _git(*arguments: str, given: bytes = b"") -> bytes | None:
    """What git answers; None where it fails."""
    if which("git") is None:
        return None
    done = subprocess.run(["git", *arguments], input=given, capture_output=True, check=False)
    return done.stdout if done.returncode == 0 else None
