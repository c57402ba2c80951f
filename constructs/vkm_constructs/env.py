"""Environment variables: text, or a typed reference to where the value comes from."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from cdk8s_plus_27 import k8s

from vkm_constructs.errors import Checks, nearest, spell

_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_FIELDS: Final = frozenset(
    "metadata.name metadata.namespace metadata.uid spec.nodeName spec.serviceAccountName "
    "status.hostIP status.hostIPs status.podIP status.podIPs".split()
)
_FIELD: Final = re.compile("|".join(map(re.escape, sorted(_FIELDS))) + r"|metadata\.(labels|annotations)\['[^']+'\]")


@dataclass(frozen=True, slots=True)
class SecretKey:
    """One key of a Secret, by name: it holds no value, so that no manifest can leak one.

    `credentials["password"]` of an `ExternalSecretRef` gives one.

    Args:
        secret: the Secret's name.
        key: one of its keys.
        namespace: where it lives; only pods of the same namespace can read it.
    """

    secret: str
    key: str
    namespace: str


@dataclass(frozen=True, slots=True)
class PodField:
    """A field of the pod itself, such as `PodField("status.podIP")`.

    Args:
        path: a field of the downward API.
    """

    path: str


EnvValue: TypeAlias = str | int | SecretKey | PodField


def check_env(
    check: Checks, argument: str, env: Mapping[str, EnvValue], *, namespace: str, given: Mapping[str, EnvValue]
) -> None:
    """Note names that a shell cannot hold, variables that `given` has already, and Secrets of other namespaces."""
    for name, value in env.items():
        if not _NAME.fullmatch(name):
            check.refuse(
                argument,
                name,
                "is not a variable's name",
                accepted="letters, digits and _, not starting with a digit",
                fix=f'"{re.sub("[^A-Za-z0-9_]", "_", re.sub("^(?=[0-9])", "_", name)) or "NAME"}"',
            )
        if name in given:
            check.refuse(
                f'{argument}["{name}"]',
                env[name],
                "is given a second time",
                accepted="each variable once",
                fix="leave it out here, or where it was given first",
            )
        _check_value(check, f'{argument}["{name}"]', value)
        if isinstance(value, SecretKey) and namespace and value.namespace != namespace:
            check.refuse(
                f'{argument}["{name}"]',
                value.secret,
                f"is a Secret of namespace {value.namespace}; a pod reads those of its own only",
                accepted=f"a Secret in namespace {namespace}",
                fix=f"make an ExternalSecretRef in namespace {namespace}",
            )


def _check_value(check: Checks, argument: str, value: object) -> None:
    accepted = 'text, a whole number, credentials["key"] or PodField(...)'
    if isinstance(value, PodField):
        if not _FIELD.fullmatch(value.path):
            known = nearest(value.path, _FIELDS)
            check.refuse(
                argument,
                value.path,
                "is not a field that a pod can be told",
                accepted=f"{', '.join(sorted(_FIELDS))}, metadata.labels['…'], metadata.annotations['…']",
                fix=f"PodField({spell(known[0])})",
            )
    elif isinstance(value, bool) or not isinstance(value, (str, int, SecretKey)):
        if isinstance(value, bool):
            fix = spell(str(value).lower())
        elif value is None:
            fix = "leave it out"
        elif isinstance(value, float):
            fix = spell(str(value))
        else:
            fix = 'credentials["key"]: one key of the Secret, not all of it'
        check.refuse(argument, value, "is not a variable's value", accepted=accepted, fix=fix)


def env_vars(env: Mapping[str, EnvValue]) -> list[k8s.EnvVar]:
    """The container's field `env`, in the order in which it was given: later ones may refer to earlier ones."""
    return [_env_var(name, value) for name, value in env.items()]


def _env_var(name: str, value: EnvValue) -> k8s.EnvVar:
    match value:
        case SecretKey():
            source = k8s.EnvVarSource(secret_key_ref=k8s.SecretKeySelector(name=value.secret, key=value.key))
            return k8s.EnvVar(name=name, value_from=source)
        case PodField():
            source = k8s.EnvVarSource(field_ref=k8s.ObjectFieldSelector(field_path=value.path))
            return k8s.EnvVar(name=name, value_from=source)
        case _:
            return k8s.EnvVar(name=name, value=str(value))
