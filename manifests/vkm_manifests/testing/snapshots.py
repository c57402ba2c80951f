"""Snapshots that people review: one YAML file for each object, named after it."""

from collections.abc import Iterator, Mapping
from difflib import unified_diff
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vkm_manifests.identity import Identity, duplicates
from vkm_manifests.manifest_yaml import dump
from vkm_manifests.testing.names import distinct

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion


class ManifestSnapshots:
    """The snapshots of a test module: `__snapshots__/<test module>/<namespace>.<Kind>.<name>.yaml`.

    Args:
        files: syrupy's assertion, which reads and writes them.
        taken: the folders that tests of this run have checked, and which test it was.
    """

    def __init__(self, files: "SnapshotAssertion", taken: dict[str, str]) -> None:
        self._files = files
        self._taken = taken

    def check(self, manifests: Mapping[str, Mapping[str, Any]]) -> None:
        """Fail unless the snapshots are these manifests: none changed, none more, none less.

        With `--snapshot-update` the snapshots become these manifests.

        Args:
            manifests: all objects, such as the fixture `manifests` gives.

        Raises:
            AssertionError: the names of all that differ, then the differences.
        """
        __tracebackhide__ = True
        location = self._files.test_location
        folder = Path(self._files.extension.dirname(test_location=location))
        first = self._taken.setdefault(str(folder), location.nodeid)
        if first != location.nodeid:
            raise AssertionError(
                f"{_shown(folder)} holds what {first} checks: a test module has one set of snapshots.\n"
                "Check this one in a test module of its own."
            )
        twice = duplicates(manifests.values())
        if twice:
            raise AssertionError(f"given twice: {', '.join(map(str, twice))}")
        names = {name.file: str(name) for name in distinct(manifests.values())}
        now = dict(zip(names, manifests.values(), strict=True))
        before = {path.stem: path.read_text(encoding="utf-8", errors="replace") for path in folder.glob("*.yaml")}
        differ = {file for file, manifest in now.items() if self._files(name=file) != manifest}
        gone = {file: _object_in(folder / f"{file}.yaml") for file in before.keys() - now.keys()}
        if self._files.update_snapshots:
            for file in gone:
                (folder / f"{file}.yaml").unlink()
            gone = {}
        if differ or gone:
            texts = {file: dump(now[file]) for file in differ}
            raise AssertionError(_report(folder, {file: names[file] for file in differ} | gone, before, texts))


def _object_in(file: Path) -> str:
    """What the object in a snapshot is called; the file's name where there is none."""
    # Imported here: it takes longer than all the rest of the plugin.
    from vkm_manifests.reading import read

    try:
        (found,) = read([str(file)])
    except ValueError:
        return file.name
    return str(Identity.of(found.manifest))


def _report(folder: Path, names: Mapping[str, str], before: Mapping[str, str], now: Mapping[str, str]) -> str:
    """Which objects differ, then how; where there is no snapshot yet, the names say it all."""
    order = sorted(names, key=lambda file: (names[file], file))
    words = {file: "new" if file not in before else "changed" if file in now else "gone" for file in order}
    count = "1 object differs" if len(order) == 1 else f"{len(order)} objects differ"
    lines = [f"{count} from the snapshots in {_shown(folder)}"]
    lines += [f"  {words[file]:7}  {names[file]}" for file in order]
    lines.append("pytest --snapshot-update accepts the manifests as they are now")
    for file in order if before else []:
        lines += ["", f"{words[file]}: {names[file]}"]
        lines += _diff(before.get(file, ""), now.get(file, ""))
    return "\n".join(lines)


def _diff(before: str, now: str) -> Iterator[str]:
    _, _, *lines = unified_diff(before.splitlines(), now.splitlines(), lineterm="")
    yield from lines


def _shown(folder: Path) -> str:
    return str(folder.relative_to(Path.cwd()) if folder.is_relative_to(Path.cwd()) else folder)
