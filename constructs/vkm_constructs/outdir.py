"""The output folder, replaced as a whole."""

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path


class OutdirError(ValueError):
    """The output folder holds what no synth has written, so it is not replaced."""


def replace_folder(folder: Path, files: Mapping[str, str]) -> None:
    """Put exactly these files into the folder: all of them, or, on any error, none.

    Raises:
        OutdirError: something in the folder is not a manifest file, and would be lost.
    """
    folder = folder.absolute()
    foreign = sorted(path.name for path in folder.iterdir() if not _ours(path)) if folder.is_dir() else []
    if folder.exists() and not folder.is_dir():
        foreign = [folder.name]
    if foreign:
        raise OutdirError(
            f"{folder}\n  holds what no synth has written, and replacing the folder would delete it: "
            f"{', '.join(foreign[:5])}{' …' if foreign[5:] else ''}\n"
            "  accepted: a folder with *.k8s.yaml files only, an empty one, or one that does not exist\n"
            '  fix:      App(outdir="dist"), or move those files away'
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    staged = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        new, old = staged / "new", staged / "old"
        new.mkdir()
        for name, text in files.items():
            (new / name).write_text(text, encoding="utf-8", newline="\n")
        if folder.exists():
            folder.rename(old)
        try:
            new.rename(folder)
        except OSError:
            if old.exists():
                old.rename(folder)
            raise
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def _ours(path: Path) -> bool:
    return path.is_file() and (path.name.endswith(".k8s.yaml") or path.name == "construct-metadata.json")
