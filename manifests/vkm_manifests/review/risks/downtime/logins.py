"""Downtime: passwords, users and databases that a server does not know, or knows later than who is told of them."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from vkm_manifests.graph import shape
from vkm_manifests.graph.graph import Graph
from vkm_manifests.graph.images import software
from vkm_manifests.graph.named import references_by_source, references_by_target
from vkm_manifests.graph.pod import Container, Pod
from vkm_manifests.graph.secrets import secrets_of
from vkm_manifests.graph.software import DATABASES
from vkm_manifests.review.change import Change, Changed
from vkm_manifests.review.comparison import Comparison, PodChange
from vkm_manifests.review.examples import DATABASE, REDIS
from vkm_manifests.review.risk import Concern, risk
from vkm_manifests.review.rollout import kept_keys, naming, readers_of, restart_of, template_fields
from vkm_manifests.review.storage import claims_by_volume
from vkm_manifests.review.users import clients
from vkm_manifests.review.wording import listed

# By what a server is told of a password that it has once its data is there.
_STATEMENTS: Final[Mapping[str, str]] = {
    "Grafana": "grafana cli admin reset-admin-password",
    "MariaDB": "ALTER USER",
    "MongoDB": "db.changeUserPassword",
    "MySQL": "ALTER USER",
    "PostgreSQL": "ALTER ROLE",
    "RabbitMQ": "rabbitmqctl change_password",
}
_GRAFANA: Final = ("grafana", "grafana-enterprise", "grafana-oss")
# They take theirs at each start.
_AT_EACH_START: Final = ("Dragonfly", "KeyDB", "Redis", "Valkey")
_WORDS: Final = {
    "password": re.compile(r"pass|pwd", re.IGNORECASE),
    "user": re.compile(r"user(?:[-_.]?name)?$", re.IGNORECASE),
    "database": re.compile(r"(?:database|(?<![a-z])db)(?:[-_.]?name)?$", re.IGNORECASE),
}
# What is read when a server is set up, and for nothing else.
_FOR_SET_UP: Final = re.compile(
    r"(?:GF_SECURITY_ADMIN|MARIADB|MONGO_INITDB|MONGODB|MYSQL|POSTGRES|POSTGRESQL|RABBITMQ_DEFAULT)(?:_ROOT)?"
    r"_(?:USER|USERNAME|PASS|PASSWORD|DB|DATABASE)|admin[-_.]?(?:user|password)"
)
_VARIABLE: Final = re.compile(r"\.env\[([^]]+)\]$")
_SECRET: Final = """
apiVersion: v1
kind: Secret
metadata: {name: db, namespace: shop}
stringData: {password: example-1, user: shop, motto: example}
"""
_CLIENT: Final = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  template:
    spec:
      containers:
      - name: web
        image: example/web:1.0.0
        env: [{name: CACHE_PASSWORD, valueFrom: {secretKeyRef: {name: cache, key: password}}}]
"""


@dataclass(frozen=True, slots=True)
class _Login:
    """What a server is signed in to with, and another value of it.

    Attributes:
        server: its pods.
        software: what it is.
        words: each key to what it is: `password`, `user` or `database`.
        others: the pods that read these as well, but for servers.
    """

    server: Pod
    software: str
    words: Mapping[str, str]
    others: Sequence[Pod]


@risk(
    "downtime",
    before=f"""{_SECRET}---
{DATABASE.strip()}
""".replace(
        "        image: mariadb:11.8.8\n",
        "        image: mariadb:11.8.8\n        envFrom: [{secretRef: {name: db}, prefix: MARIADB_}]\n",
    ),
    breaks={"user: shop": "user: web"},
    passes={"motto: example": "motto: other"},
)
def server_keeps_its_password(comparison: Comparison) -> Iterator[Concern]:
    """A server's password, user or database is another one in the manifests only: it keeps what it was set up with.

    The images of MariaDB, MySQL, PostgreSQL, MongoDB and RabbitMQ read them when the folder of the data is empty, and
    never again; so does Grafana with those of its admin.
    """
    for change in comparison.changed("ConfigMap", "ExternalSecret", "SealedSecret", "Secret"):
        for login in _logins(comparison.new, change):
            if login.software in _STATEMENTS:
                names = [*(pod.workload.name for pod in login.others), *_operated(comparison.new, change, login)]
                restart = restart_of(pod for pod in login.others if pod.runs_on)
                yield _is_kept(change, login, names, restart, "once the Secret has it, ")
    for pods in comparison.pods:
        for container in pods.new.containers:
            server = _server(container)
            words = _variables(pods, container) if server in _STATEMENTS and claims_by_volume(pods.new) else {}
            if words:
                login = _Login(pods.new, server, words, ())
                yield _is_kept(pods.change, login, clients(comparison.new, pods.new.workload), "", "")


def _is_kept(change: Change, login: _Login, names: Sequence[str], restart: str, when: str) -> Concern:
    """What is told of a server that has a login already: who is refused, and how it learns of another one."""
    name, words = login.server.workload.name, list(dict.fromkeys(login.words.values()))
    steps = []
    if new := [word for word in words if word != "password"]:
        idle = ", while nobody writes" if "database" in new else ""
        steps.append(f"keep the old, or make the new {listed(new)} in {name} first, with all that the old has{idle}")
    if "password" in words:
        tell = _STATEMENTS[login.software]
        steps.append(f"{when}sign in to {name} with the old one and tell it the new one ({tell})")
    do = f"if the value is another one: {'; '.join(steps)}" + (f", then {restart}" if restart else "")
    refused = listed(names) or "who is given the new one"
    return change.concern(
        f"{listed(login.words)}: {name} keeps the {listed(words)} that it was set up with, and refuses {refused} with "
        "another one",
        do=do,
    )


def _variables(pods: PodChange, container: Container) -> dict[str, str]:
    """The variables for a server's set-up that have another value, or another source, each with what it is."""
    stands = {shape.text(variable, "name") for variable in shape.mappings(container.manifest, "env")}
    place = (*pods.spec, "containers", f"[{container.name}]", "env")
    found = {}
    for field in template_fields(pods):
        name = field.path[len(place)].strip("[]") if field.is_below(*place) and len(field.path) > len(place) else ""
        added = field.old is None and len(field.path) == len(place) + 1
        if name in stands and not added and _FOR_SET_UP.fullmatch(name):
            found[name] = _word(name)
    return found


@risk(
    "downtime",
    before=f"{_SECRET.replace('name: db', 'name: cache')}---{REDIS}---{_CLIENT}",
    breaks={"example-1": "example-2"},
    passes={"motto: example": "motto: other"},
)
def server_and_clients_restart_together(comparison: Comparison) -> Iterator[Concern]:
    """A server and its clients take another password at their own starts: until all have restarted, some are refused.

    So it is with Redis and Valkey, which take theirs as an argument or a variable.
    """
    for change in comparison.changed("ExternalSecret", "SealedSecret", "Secret"):
        for login in _logins(comparison.new, change):
            if login.software in _AT_EACH_START and login.others:
                names = listed(pod.workload.name for pod in (login.server, *login.others))
                restart = restart_of(pod for pod in (login.server, *login.others) if pod.runs_on)
                yield change.concern(
                    f"{listed(login.words)}: {names} take another one at their own starts: until all of them have "
                    "restarted, some are refused",
                    do="if the value is another one: once the Secret has it, restart the server and all clients "
                    f"together{f': {restart}' if restart else ''}",
                )


def _logins(graph: Graph, change: Changed) -> Iterator[_Login]:
    """The servers that read, from what an object is or makes, a login that is another one now."""
    if not any(_software(pod) for _, _, pod in naming(graph, change.new)):
        return
    keys = sorted(kept_keys(change))
    read = [(key, pod) for key in keys for pod, _ in readers_of(graph, change, frozenset((key,)))]
    found: dict[Pod, dict[str, str]] = defaultdict(dict)
    for key, pod in read:
        if word := _word_of(graph, change, pod, key):
            found[pod][key] = word
    for server, words in found.items():
        others = dict.fromkeys(pod for key, pod in read if key in words and pod not in found)
        yield _Login(server, _software(server), words, list(others))


def _word_of(graph: Graph, change: Changed, server: Pod, key: str) -> str:
    """What a key is to a server: by the variable that takes it, or by its own name; empty where it is no login."""
    name = _software(server)
    if not name or (name in _STATEMENTS and not claims_by_volume(server)):
        return ""
    made = _made(change)
    found = (
        _VARIABLE.search(reference.field)
        for reference in references_by_source(graph).get(server.workload.identity, ())
        if reference.key == key and (reference.kind, reference.namespace, reference.name) in made
    )
    texts = [match[1] for match in found if match] + [key]
    if name == "Grafana" or change.kind == "ConfigMap":
        texts = [text for text in texts if _FOR_SET_UP.fullmatch(text)]
    return next(filter(None, map(_word, texts)), "")


def _word(name: str) -> str:
    return next((word for word, pattern in _WORDS.items() if pattern.search(name)), "")


def _made(change: Changed) -> set[tuple[str, str, str]]:
    """Kind, namespace and name of what an object is or makes."""
    secrets = {("Secret", namespace, name) for namespace, name, _ in secrets_of(change.new)}
    return secrets or {(change.kind, change.new.namespace, change.new.name)}


def _operated(graph: Graph, change: Changed, login: _Login) -> Iterator[str]:
    """The Grafanas for which an operator signs in with these keys."""
    for target in sorted(_made(change)):
        for reference in references_by_target(graph).get(target, ()):
            if reference.source.kind == "Grafana" and reference.key in login.words:
                yield f"Grafana {reference.source.name}"


def _software(pod: Pod) -> str:
    """The server that pods run, of those that are known here; empty where they run none."""
    names = (_server(container) for container in pod.containers) if pod.runs_on else ()
    return next(filter(None, names), "")


def _server(container: Container) -> str:
    image = software(shape.text(container.manifest, "image"))
    name = "Grafana" if image in _GRAFANA else DATABASES[image].name if image in DATABASES else ""
    return name if not container.init and name in (*_STATEMENTS, *_AT_EACH_START) else ""
