"""ConfigFiles: files that containers find at a path."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from cdk8s_plus_27 import k8s
from constructs import Construct

from vkm_constructs.checks import check_name
from vkm_constructs.errors import Checks, nearest, spell
from vkm_constructs.mounts import Mount, volume_name

_KEY: Final = re.compile(r"(?!\.$|\.\.)[-._a-zA-Z0-9]{1,253}")
_LIMIT: Final = 1024 * 1024


class ConfigFiles(Construct):
    """Configuration files and scripts, read when the chart is built. Makes a ConfigMap.

    Args:
        id: the ConfigMap's name; a DNS label.
        files: each file's name and its text, or the `Path` of a file (UTF-8) that holds it; 1 MiB at most together.

    Attributes:
        config_map: the L1 object.

    Raises:
        ConstructError: a name that is no ConfigMap key, a file that cannot be read, too much text.
    """

    def __init__(self, scope: Construct, id: str, *, files: Mapping[str, str | Path]) -> None:
        check = Checks(scope, id)
        namespace = check.namespace()
        check_name(check, "id", id)
        texts = {name: _text(check, name, source) for name, source in files.items()}
        for name in files:
            if not _KEY.fullmatch(name):
                check.refuse(
                    "files",
                    name,
                    "is not a file name that a ConfigMap can hold",
                    accepted="letters, digits, -, _ and .",
                    fix=f'"{re.sub(r"[^-._a-zA-Z0-9]", "-", name).strip("-.") or "config"}"',
                )
        if not files:
            check.refuse("files", {}, "holds nothing", accepted="at least one file", fix='files={"app.ini": "..."}')
        size = sum(len(text.encode()) for text in texts.values())
        if size > _LIMIT:
            check.refuse(
                "files", f"{size} bytes", "is too much", accepted="1 MiB together", fix="split it into two ConfigFiles"
            )
        check.done()
        super().__init__(scope, id)

        self._name, self._namespace, self._texts = id, namespace, texts
        self.config_map = k8s.KubeConfigMap(
            self, "config-map", metadata=k8s.ObjectMeta(name=id, namespace=namespace), data=texts
        )

    def at(self, path: str, *, file: str | None = None, reloads: bool = False) -> Mount:
        """Mount all files into the directory `path`, or one of them as the file `path`.

        Pods roll when a file changes. A single file hides nothing else in its directory.

        Args:
            path: absolute path in the container.
            file: one of the files; None is all.
            reloads: the software notices by itself that a file of the directory has changed: pods do not roll.

        Raises:
            ConstructError: there is no such file.
        """
        if file is not None and file not in self._texts:
            check = Checks(self)
            known = nearest(file, self._texts)
            check.refuse(
                "file",
                file,
                "is not one of the files",
                accepted=", ".join(map(spell, known)),
                fix=f"file={spell(known[0])}",
            )
            check.done()
        chosen = self._texts if file is None else {file: self._texts[file]}
        return Mount(
            path=path,
            # Readable and executable by all: scripts run as the pod's own user.
            volume=k8s.Volume(
                name=volume_name("config", self._name),
                config_map=k8s.ConfigMapVolumeSource(name=self._name, default_mode=0o555),
            ),
            source=self._name,
            namespace=self._namespace,
            sub_path=file,
            read_only=True,
            content="" if reloads else "\0".join(f"{name}\0{text}" for name, text in sorted(chosen.items())),
        )


def _text(check: Checks, name: str, source: str | Path) -> str:
    if isinstance(source, str):
        return source
    try:
        return source.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        check.refuse(
            f'files["{name}"]',
            str(source),
            f"cannot be read ({error})",
            accepted="a file in UTF-8",
            fix="Path(__file__).parent / ...",
        )
        return ""
