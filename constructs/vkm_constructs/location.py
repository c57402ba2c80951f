"""Where in the user's code something happened, and where each construct was made."""

import sys
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any

import cdk8s
import jsii
from constructs import IConstruct

_NOT_THE_USERS = frozenset(
    "vkm_constructs vkm_manifests vkm_cert_manager vkm_external_dns vkm_external_secrets vkm_grafana_operator "
    "vkm_longhorn vkm_metallb vkm_prometheus_operator vkm_traefik "
    "jsii cdk8s cdk8s_plus_27 constructs typeguard contextlib".split()
)

_made_at: dict[str, tuple[str, int]] = {}
"""jsii's reference of each construct to the file and the line of the user's call that made it."""

_jsii_create = jsii.create


def _create_and_remember(klass: Any, obj: Any, args: Any = None) -> Any:
    reference = _jsii_create(klass, obj, args)
    frame = _users_frame(sys._getframe(1))
    if frame is not None:
        _made_at[reference.ref] = (frame.f_code.co_filename, frame.f_lineno)
    return reference


# Every construct of any Python library is made by a call of this function (jsii 1.142). cdk8s itself keeps no line, and
# an entry in the tree's metadata would cost two calls into jsii for each construct, and know our constructs only.
jsii.create = _create_and_remember


def location_of(node: IConstruct) -> str:
    """`file:line` of the user's call that made a construct, or the nearest construct that it is part of.

    Known for all that was made after `vkm_constructs` was imported.
    """
    for scope in reversed(node.node.scopes):
        found = _made_at.get(scope.__jsii_ref__.ref)  # type: ignore[attr-defined]
        if found:
            of_chart = isinstance(scope, cdk8s.Chart) and scope is not node
            return f"{_spelled(*found)} (its chart)" if of_chart else _spelled(*found)
    return "<line unknown>"


def user_location(traceback: TracebackType | None = None) -> str:
    """`file:line` of the innermost call that stands in the user's code: in a traceback, else on the stack."""
    found: tuple[str, int] | None = None
    while traceback is not None:
        if is_users(traceback.tb_frame):
            found = (traceback.tb_frame.f_code.co_filename, traceback.tb_lineno)
        traceback = traceback.tb_next
    frame = None if found else _users_frame(sys._getframe(1))
    if frame is not None:
        found = (frame.f_code.co_filename, frame.f_lineno)
    return _spelled(*found) if found else "<line unknown>"


def is_users(frame: FrameType) -> bool:
    """Whether a frame runs the user's code: not ours, nor that of what we stand on, nor what a dataclass generates."""
    if frame.f_code.co_name == "__post_init__" or frame.f_code.co_filename == "<string>":
        return False
    return str(frame.f_globals.get("__name__", "")).partition(".")[0] not in _NOT_THE_USERS


def _users_frame(frame: FrameType | None) -> FrameType | None:
    while frame is not None and not is_users(frame):
        frame = frame.f_back
    return frame


def _spelled(file: str, line: int) -> str:
    path = Path(file)
    return f"{path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path}:{line}"
