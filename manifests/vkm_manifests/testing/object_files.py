"""How syrupy stores the snapshots: the only part that needs it."""

from dataclasses import replace
from typing import Any

from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode
from syrupy.location import PyTestLocation
from syrupy.types import SerializableData, SerializedData, SnapshotIndex

from vkm_manifests.manifest_yaml import dump


class ObjectFiles(SingleFileSnapshotExtension):
    """`__snapshots__/<test module>/<what it is called>.yaml`: a rename of the test moves no file."""

    file_extension = "yaml"
    _write_mode = WriteMode.TEXT

    @classmethod
    def get_snapshot_name(cls, *, test_location: PyTestLocation, index: SnapshotIndex = 0) -> str:  # noqa: ARG003
        """The name that the snapshot is asked for by, without the test's."""
        return str(index)

    def serialize(self, data: SerializableData, **_: Any) -> SerializedData:
        """A manifest as YAML that a person reads."""
        return dump(data)


class _Module(PyTestLocation):
    """A test whose snapshots are named after objects: of other names than the test's, syrupy warns."""

    def matches_snapshot_name(self, snapshot_name: str) -> bool:  # noqa: ARG002
        return True


def object_files(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Syrupy's fixture of a test, for a file for each object."""
    location = _Module(snapshot.test_location.item)
    return replace(snapshot, extension_class=ObjectFiles, test_location=location)
