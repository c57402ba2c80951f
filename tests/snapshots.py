"""Snapshots that people review: one YAML file for each object, named after it."""

from typing import Any

from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode
from syrupy.location import PyTestLocation
from syrupy.types import SerializableData, SerializedData, SnapshotIndex

from vkm_manifests import dump


class ManifestSnapshots(SingleFileSnapshotExtension):
    """`__snapshots__/<test module>/<namespace>.<Kind>.<name>.yaml`: a rename of the test moves no file."""

    file_extension = "yaml"
    _write_mode = WriteMode.TEXT

    @classmethod
    def get_snapshot_name(cls, *, test_location: PyTestLocation, index: SnapshotIndex = 0) -> str:
        return str(index)

    def serialize(self, data: SerializableData, **_: Any) -> SerializedData:
        return dump(data)
