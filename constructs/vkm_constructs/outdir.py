"""The output folder, replaced as a whole."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

# Marks what synth may replace.
_HEADER = "# Made by vkm_constructs: change the code, not this file.\n"


class OutdirError(ValueError):
    """The output folder holds what no synth has written, or cannot be written to."""


def replace_folder(folder: Path, files: Mapping[str, str]) -> None:
    """Put exactly these files into the folder: all of them, or, on any error, none.

    Raises:
        OutdirError: something in the folder was not written by synth and would be lost, or it cannot be replaced.
    """
    folder = folder.resolve()
    try:
        _refuse_foreign(folder)
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as staged:
            new, old = Path(staged, "new"), Path(staged, "old")
            new.mkdir()
            for name, text in files.items():
                (new / name).write_text(_HEADER + text, encoding="utf-8", newline="\n")
            if folder.exists():
                folder.rename(old)
            try:
                new.rename(folder)
            except BaseException:
                if old.exists():
                    old.rename(folder)
                raise
    except OSError as error:
        raise OutdirError(
            f"{folder}\n"
            f"  cannot be replaced ({error.strerror})\n"
            "  accepted: a folder in one that can be written to, on the same file system\n"
            '  fix:      App(outdir="build/manifests"), or mend its permissions'
        ) from error


def _refuse_foreign(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        foreign = "it is a file, not a folder"
    else:
        names = sorted(path.name for path in folder.iterdir() if not _ours(path)) if folder.is_dir() else []
        foreign = ", ".join(names[:5]) + (" …" if names[5:] else "")
    if foreign:
        raise OutdirError(
            f"{folder}\n"
            f"  holds what synth has not written, and would be lost: {foreign}\n"
            "  accepted: a folder that synth wrote, an empty one, or one that does not exist\n"
            '  fix:      App(outdir="build/manifests"), or move that away'
        )


def _ours(path: Path) -> bool:
    # cdk8s-cli writes the second; the third is the Finder's.
    if path.name in ("construct-metadata.json", ".DS_Store"):
        return True
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.readline() == _HEADER.encode()
