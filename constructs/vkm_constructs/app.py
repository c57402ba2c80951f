"""App: where charts become manifests."""

import inspect
import json
import os
import re
import sys
import time
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from traceback import walk_tb
from types import TracebackType
from typing import Any

import cdk8s
from jsii.errors import JavaScriptError

from vkm_constructs.errors import (
    Checks,
    ConstructError,
    Problem,
    SynthError,
    nearest,
)
from vkm_constructs.location import is_users, user_location
from vkm_constructs.outdir import OutdirError, replace_folder
from vkm_constructs.override import Override, pointer_to
from vkm_constructs.verification import Manifest, makers, serialize, settle
from vkm_manifests import CLUSTER_SCOPED, Identity, dump_all, duplicates


class App(cdk8s.App):
    """A cdk8s app that writes all of its manifests or none.

    ```python
    with App() as app:
        MyChart(app, "shop")
    ```

    On leaving, the charts are serialized, overrides applied and the graph verified; then the output folder is replaced
    as a whole. The user's mistakes end the program with their text and exit code 1; anything else keeps its traceback.

    Args:
        outdir: the folder that is replaced. Default: `CDK8S_OUTDIR` (set by `cdk8s synth`), else `dist`.
    """

    def __init__(self, *, outdir: str | Path | None = None) -> None:
        self._started = time.perf_counter()
        self.overrides: list[Override] = []
        # Read here: jsii's process has the environment of the moment when it was started.
        chosen = outdir if outdir is not None else os.environ.get("CDK8S_OUTDIR")
        super().__init__(outdir=str(chosen) if chosen is not None else None)

    def __enter__(self) -> "App":
        """The app itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Synthesize and say so in one line; or turn the user's mistake into its text and exit code 1."""
        if error is not None:
            text = _users_mistake(error) if isinstance(error, Exception) else None
            if text is None:
                return
            sys.exit(text)
        try:
            manifests = self.synth()
        except Exception as failure:
            text = _users_mistake(failure)
            if text is None:
                raise
            sys.exit(text)
        objects = sum(map(len, manifests.values()))
        seconds = time.perf_counter() - self._started
        print(f"{len(manifests)} charts, {objects} objects, {seconds:.1f} s: {self.outdir}/", file=sys.stderr)

    def synth(self) -> dict[str, list[Manifest]]:  # type: ignore[override]
        """Verify, then write a file for each chart, `<chart>.k8s.yaml`, in place of all that was in the output folder.

        Warnings go to standard error.

        Returns:
            what was written: the manifests by chart.

        Raises:
            SynthError: an override has no place, or two objects are the same one. The folder is as it was.
            VerificationError: the manifests are wrong together (docs/rules.md). The folder is as it was.
            OutdirError: the folder holds what no synth has written, or cannot be written to.
        """
        manifests = self._verified()
        replace_folder(Path(self.outdir), {f"{name}.k8s.yaml": dump_all(found) for name, found in manifests.items()})
        return manifests

    def synth_yaml(self) -> str:
        """All manifests as one YAML text, verified.

        Raises:
            SynthError, VerificationError: as `synth`.
        """
        return dump_all(manifest for found in self._verified().values() for manifest in found)

    def manifests(self) -> dict[str, list[Manifest]]:
        """The manifests as plain dicts, by chart, after every override; not verified. Nothing is written.

        Raises:
            SynthError: an override has no place, or two objects are the same one.
        """
        charts = serialize(self)
        everything = [manifest for found in charts.values() for manifest in found]
        for manifest in everything:
            if manifest["kind"] in CLUSTER_SCOPED:
                # cdk8s writes the chart's namespace on these too, and the API server refuses it (cdk8s 2.70).
                manifest["metadata"].pop("namespace", None)
        errors = [*self._twice(everything), *self._apply_overrides(everything)]
        if errors:
            raise SynthError(errors)
        return charts

    def _verified(self) -> dict[str, list[Manifest]]:
        charts = self.manifests()
        settle(self, [manifest for found in charts.values() for manifest in found])
        return charts

    def _apply_overrides(self, manifests: list[Manifest]) -> Iterator[ConstructError]:
        by_identity = {Identity.of(manifest): manifest for manifest in manifests} if self.overrides else {}
        for override in self.overrides:
            try:
                override.apply(by_identity[Identity.of(override.target.to_json())])
            except ConstructError as error:
                yield error

    def _twice(self, manifests: list[Manifest]) -> Iterator[ConstructError]:
        twice = duplicates(manifests)
        made = makers(self, twice) if twice else {}
        for identity in twice:
            first, *others = made[identity]
            for location, path in others:
                problem = Problem(
                    argument="name",
                    given=identity.name,
                    why=f"makes {identity} a second time: {first[1]} made it first ({first[0]})",
                    accepted="one object for each kind, namespace and name",
                    fix="give one of the two another name, or pass the first to where the second is made",
                )
                yield ConstructError(location, path, [problem])


def override(target: cdk8s.ApiObject, path: str, value: Any) -> None:
    """Set one field of an object's manifest, in the manifest's own terms; None removes it.

    Applied to the plain manifest, after serialization, so that every field of every Kubernetes version works. (cdk8s's
    own `add_json_patch` runs before a typed object is serialized, which silently drops what the type does not know:
    cdk8s 2.70.)

    Args:
        target: an L1 object, such as `app.deployment`.
        path: a JSON pointer (RFC 6901) such as `/spec/template/spec/hostUsers`; `-` appends to a list.
        value: what a manifest can hold.

    Raises:
        ConstructError: now, if the object is not part of a `vkm_constructs.App`, the path is no JSON pointer or the
            value cannot stand in a manifest; at synth, if the path's parent does not exist.
    """
    check = Checks(target)
    if not isinstance(target, cdk8s.ApiObject):
        check.refuse(
            "target",
            type(target).__name__,
            "is not one object",
            accepted="an L1 object, such as app.deployment or app.service",
            fix="override(app.deployment, ...)",
        )
        check.done()
    app = target.node.root
    if not isinstance(app, App):
        check.refuse(
            "override",
            path,
            "would have no effect: plain cdk8s.App writes the manifests itself",
            accepted="objects of a vkm_constructs.App",
            fix="with vkm_constructs.App() as app: ...",
        )
    pointer = pointer_to(check, path)
    try:
        json.dumps(value, allow_nan=False)
    except (TypeError, ValueError) as error:
        check.refuse(
            "value",
            value,
            f"cannot stand in a manifest ({error})",
            accepted="text, numbers, booleans, lists and dicts of these",
            fix="str(...)",
        )
    check.done()
    if isinstance(app, App):
        app.overrides.append(Override(target=target, pointer=pointer, value=value, location=user_location()))


def _users_mistake(error: Exception) -> str | None:
    """The text that a user needs, for errors that are theirs; None for all others, which keep their traceback."""
    if isinstance(error, (SynthError, ConstructError, OutdirError)):
        return str(error)
    location = user_location(error.__traceback__)
    if isinstance(error.__cause__, JavaScriptError):
        return f"{location}\n  {error}"
    *_, (innermost, line) = walk_tb(error.__traceback__)
    typo = re.match(r"(\w+)\.__init__\(\) got an unexpected keyword argument '(\w+)'", str(error))
    cls = getattr(import_module("vkm_constructs"), typo[1], None) if typo else None
    if typo and cls is not None:
        known = [name for name in inspect.signature(cls.__init__).parameters if name not in ("self", "scope", "id")]
        return (
            f"{location}\n"
            f"  {typo[1]} has no argument {typo[2]}\n"
            f"  accepted: {', '.join(known)}\n"
            f"  fix:      {nearest(typo[2], known)[0]}=..."
        )
    if isinstance(error, (TypeError, AttributeError)) and not is_users(innermost):
        ours = str(innermost.f_globals.get("__name__", "")).startswith("vkm_constructs.")
        where = f" ({Path(innermost.f_code.co_filename).name}:{line})" if ours else ""
        return (
            f"{location}\n"
            f"  {type(error).__name__}: {error}{where}\n"
            "  accepted: arguments of the types that the constructs declare\n"
            "  fix:      a type checker (mypy, pyright) names the argument at this line"
        )
    return None
