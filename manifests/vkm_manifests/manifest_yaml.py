"""Manifests as YAML that a person reads: keys in the order of a hand-written manifest, text as blocks."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

import yaml

_ORDER: Final = {
    key: rank
    for rank, key in enumerate(
        # What it is, then what it is called, then what it is made of; in each part, what a person looks for first.
        "apiVersion kind metadata name namespace type immutable alert record expr for labels annotations "
        "replicas revisionHistoryLimit serviceName selector podSelector policyTypes strategy updateStrategy "
        "accessModes storageClassName secretKey match middlewares services "
        "serviceAccountName automountServiceAccountToken image imagePullPolicy command args from to ports env envFrom "
        "startupProbe readinessProbe livenessProbe exec httpGet tcpSocket path port targetPort periodSeconds "
        "lifecycle resources requests limits mountPath volumeMounts securityContext initContainers containers".split()
    )
}
_REST: Final = 1000
_LAST: Final = {"volumes": 2001, "template": 2002, "spec": 2003, "data": 2004, "status": 2005}

# Texts that PyYAML would write plain and that another parser, such as Kubernetes's, may read as a number or a boolean.
_AMBIGUOUS: Final = re.compile(r"[-+]?\.?\d[\d_.:]*([eE][-+]?\d+)?|[-+]?0[xXoObB][0-9a-fA-F_]+|[yYnN]")
_STR: Final = "tag:yaml.org,2002:str"


class _Dumper(yaml.CSafeDumper):
    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - equal parts are written out, never as *id001
        return True


def _plain_tag(dumper: _Dumper, value: str) -> str:
    """What a YAML 1.1 parser would take the text for, if it were written without quotes."""
    return str(dumper.resolve(yaml.ScalarNode, value, (True, False)))  # type: ignore[no-untyped-call]


def _text(dumper: _Dumper, value: str) -> yaml.ScalarNode:
    if "\n" in value:
        style = "|"
    elif _AMBIGUOUS.fullmatch(value) or _plain_tag(dumper, value) != _STR:
        style = '"'
    else:
        style = None
    return dumper.represent_scalar(_STR, value, style=style)


_Dumper.add_representer(str, _text)


def _ordered(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _ordered(value[key]) for key in sorted(value, key=rank)}
    if isinstance(value, (list, tuple)):
        return [_ordered(item) for item in value]
    return value


def rank(key: str) -> tuple[int, str]:
    """Where a key stands among its neighbours."""
    return (_ORDER.get(key, _LAST.get(key, _REST)), key)


def dump(manifest: Mapping[str, Any]) -> str:
    """One manifest as YAML. The same manifest always gives the same text."""
    # No line is folded: a diff shows the line that changed, and a command can be copied.
    return yaml.dump(
        _ordered(manifest),
        Dumper=_Dumper,
        sort_keys=False,
        allow_unicode=True,
        width=2**31 - 1,
        default_flow_style=False,
    )


def dump_all(manifests: Iterable[Mapping[str, Any]]) -> str:
    """Manifests as one YAML file, separated by `---`."""
    return "---\n".join(map(dump, manifests))
