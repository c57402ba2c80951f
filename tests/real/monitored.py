"""Prometheus and what it can scrape on this machine, started from the manifests: servers, their exporters, Traefik.

All pods share Traefik's network, so Prometheus reaches the exporters at its own loopback. Not as in the cluster:
- discovery is not compiled into Debian's Prometheus, and there is no cluster to ask: each job gets the targets that
  discovery would find, with discovery's labels, so that the job's own relabeling picks among them;
- it scrapes and evaluates every 2 seconds in place of every 30: the tests have no minutes to wait;
- the operators, Grafana, kube-state-metrics, the kubelets and the memcached exporter are no packages: not scraped;
- Debian's mysqld exporter (0.14) has no --mysqld.address and no --mysqld.username (0.15), but DATA_SOURCE_NAME.
"""

import copy
import itertools
import json
import re
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

import yaml

from tests.conftest import Manifest
from tests.real import images
from tests.real.cluster import Cluster
from tests.real.conftest import PATIENCE, Start, tool, wait_until
from tests.real.network import Client
from tests.real.pods import Image, Namespace, Running, pod_template

RUNNING: Final = ("traefik", "bookstack-db", "zammad-db", "zammad-redis", "prometheus")
"""The jobs whose targets run here."""

CONFIG: Final = "prometheus/ConfigMap/prometheus-config"
_ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount"
_SECRETS = {
    "bookstack-db-creds": ("database", "username", "password", "root-password", "exporter-password"),
    "zammad-db-creds": ("database", "username", "password", "postgres-password", "exporter-password"),
    "zammad-redis-creds": ("password",),
}


def discovered(manifests: Mapping[str, Manifest], namespace: str) -> Iterator[dict[str, str]]:
    """What Prometheus's discovery of pods says of a namespace: a target for each port, or for what has none."""
    for manifest in manifests.values():
        template = pod_template(manifest)
        if template is None or manifest["metadata"]["namespace"] != namespace:
            continue
        name = manifest["metadata"]["name"]
        ends = manifest["kind"] in ("Job", "CronJob")
        pod = {
            "__meta_kubernetes_namespace": namespace,
            "__meta_kubernetes_pod_name": f"{name}-0",
            "__meta_kubernetes_pod_phase": "Succeeded" if ends else "Running",
        }
        for label, value in template["metadata"]["labels"].items():
            pod["__meta_kubernetes_pod_label_" + re.sub(r"\W", "_", label)] = value
        for container in template["spec"]["containers"]:
            one = pod | {"__meta_kubernetes_pod_container_name": container["name"]}
            for port in container.get("ports", ()):
                # 127.0.0.1 is the pod's address here.
                address = f"127.0.0.1:{port['containerPort']}"
                yield one | {"__address__": address, "__meta_kubernetes_pod_container_port_name": port["name"]}
            if not container.get("ports"):
                yield one | {"__address__": "127.0.0.1"}


def static(manifests: Mapping[str, Manifest], content: str, *, interval: str) -> str:
    """A configuration with the targets that discovery would find, scraped at another interval."""
    config = yaml.safe_load(content)
    config["global"] = {"scrape_interval": interval, "evaluation_interval": interval}
    for job in config["scrape_configs"]:
        (discovery,) = job.pop("kubernetes_sd_configs")
        job.pop("scrape_interval", None)
        spaces = discovery.get("namespaces", {}).get("names", ())
        job["static_configs"] = [
            {"targets": [target.pop("__address__")], "labels": target}
            for space in spaces
            for target in discovered(manifests, space)
        ]
    return yaml.safe_dump(config)


def for_this_machine(manifests: Mapping[str, Manifest]) -> dict[str, Manifest]:
    """The manifests, with what this machine forces (see above)."""
    found = copy.deepcopy(dict(manifests))
    data = found[CONFIG]["data"]
    data["prometheus.yml"] = static(manifests, data["prometheus.yml"], interval="2s")
    (mysqld,) = (
        c
        for c in found["bookstack/StatefulSet/bookstack-db"]["spec"]["template"]["spec"]["containers"]
        if c["name"] == "exporter"
    )
    args = dict(argument.split("=", 1) for argument in mysqld.pop("args"))
    assert args.keys() == {"--mysqld.address", "--mysqld.username"}
    login = f"{args['--mysqld.username']}:$(MYSQLD_EXPORTER_PASSWORD)@({args['--mysqld.address']})/"
    mysqld["env"].append({"name": "DATA_SOURCE_NAME", "value": login})
    return found


class Monitored:
    """What runs. `close` ends what is a thread; the processes end with `start`."""

    def __init__(self, manifests: Mapping[str, Manifest], start: Start, folder: Path) -> None:
        here = for_this_machine(manifests)
        # Traefik, and servers in place of the applications that it leads to.
        self.cluster = Cluster(here, start, folder / "cluster")
        self._people = itertools.cycle(range(1, 200))
        secrets = {name: {key: f"{key}-of-{name}" for key in keys} for name, keys in _SECRETS.items()}
        self.spaces = {
            name: Namespace(here, name, folder=folder / name, start=start, secrets=secrets)
            for name in ("bookstack", "zammad", "prometheus")
        }
        for space in self.spaces.values():
            space.network = self.cluster.network
        self.mariadb = self._run("bookstack", "StatefulSet", "bookstack-db", "mariadb", images.mariadb())
        self.postgres = self._run("zammad", "StatefulSet", "zammad-db", "postgres", images.postgres())
        self.redis = self._run("zammad", "Deployment", "zammad-redis", "redis", images.redis())
        for server in (self.mariadb, self.postgres, self.redis):
            server.wait_for("startupProbe")
        self.mysqld_exporter = self._exporter("bookstack", "StatefulSet", "bookstack-db", "mysqld")
        self.postgres_exporter = self._exporter("zammad", "StatefulSet", "zammad-db", "postgres")
        self.redis_exporter = self._exporter("zammad", "Deployment", "zammad-redis", "redis")

        image = Image(user="nobody", entrypoint=[tool("prometheus")], files={f"{_ACCOUNT}/token": "no token"})
        self.prometheus = self._run("prometheus", "Deployment", "prometheus", "prometheus", image)
        self._client = Client(self.cluster.network, "127.0.0.1", "127.0.0.1", 9090)
        self.wait_until_ready()
        self._visit()
        # So that there are failures to look at, too.
        (grafana,) = self.cluster.slices["grafana"]["endpoints"][0]["addresses"]
        self.cluster.backends[grafana].gone()
        wait_until(self._scraped, what="a few scrapes of every target that runs")

    def get(self, path: str, **query: str) -> Any:
        """What Prometheus's API answers."""
        reply = self._client.request("prometheus", f"/api/v1/{path}?{urlencode(query)}")
        answer = json.loads(reply.body)
        assert answer["status"] == "success", f"{query}: {answer['error']}"
        return answer["data"]

    def query(self, expr: str) -> list[Any]:
        """The series that an expression has now."""
        found = self.get("query", query=expr)["result"]
        assert isinstance(found, list)
        return found

    def post(self, path: str) -> int:
        """The status of Prometheus's answer."""
        return self._client.request("prometheus", path, method="POST").status

    def wait_until_ready(self) -> None:
        """Return when Prometheus's readiness probe succeeds."""
        wait_until(self._ready, what="Prometheus")

    def has(self, expr: str) -> bool:
        """Whether an expression has series, now or soon: a scrape that came too late leaves a gap."""
        deadline = time.monotonic() + PATIENCE / 10
        while not self.query(expr):
            if time.monotonic() > deadline:
                return False
            time.sleep(0.5)
        return True

    def wait_for_alert(self, name: str, job: str) -> None:
        """Return when Prometheus has seen what an alert is about, which it tells only after the rule's own time."""
        expr = f'ALERTS{{alertname="{name}",job="{job}"}}'
        wait_until(lambda: bool(self.query(expr)), what=f"{name} of {job}")

    def close(self) -> None:
        """End what no fixture ends."""
        self.cluster.close()

    def _run(self, space: str, kind: str, name: str, container: str, image: Image) -> Running:
        return self.spaces[space].pod(kind, name, container, image).start()

    def _exporter(self, space: str, kind: str, name: str, of: str) -> Running:
        image = Image(user="exporter", entrypoint=[tool(f"prometheus-{of}-exporter")])
        return self._run(space, kind, name, "exporter", image)

    def _visit(self) -> None:
        """A request to every host, by somebody else each time: Traefik limits rates; and two to Redis."""
        for host in self.cluster.hosts:
            self.cluster.person(next(self._people)).request(host)
        self.redis.execute("redis-cli", "incr", "visits")
        self.redis.execute("redis-cli", "get", "visits")

    def _ready(self) -> bool:
        assert self.prometheus.server.process.poll() is None, self.prometheus.server.tail()
        try:
            probe = self.prometheus.pod.container["readinessProbe"]["httpGet"]
            return self._client.request("prometheus", probe["path"]).status == 200
        except OSError:
            return False

    def _scraped(self) -> bool:
        """Whether every target that runs has answered a few times; rates take some."""
        self._visit()
        answered = self.query("max by (job) (sum_over_time(up[1m]))")
        times = {found["metric"]["job"]: float(found["value"][1]) for found in answered}
        return all(times.get(job, 0) >= 3 for job in RUNNING)
