"""The document's five flows, each walked through the manifests from one end to the other."""

from typing import Any

import pytest

from tests.conftest import Manifest
from tests.environments import find, vkm_manifests

HOSTS = {
    "wiki.vkm.dtdt.tech": ("bookstack", "wiki"),
    "help.vkm.dtdt.tech": ("zammad", "help"),
    "grafana.vkm.dtdt.tech": ("grafana", "grafana"),
}


@pytest.fixture(scope="module")
def manifests() -> dict[str, Manifest]:
    return vkm_manifests()


def selected(manifests: dict[str, Manifest], namespace: str, selector: dict[str, str]) -> list[dict[str, Any]]:
    """The pod templates of the namespace that a selector finds."""
    found = []
    for identity, manifest in manifests.items():
        match manifest:
            case {"spec": {"template": {"metadata": {"labels": labels}} as template}}:
                if identity.startswith(f"{namespace}/") and selector.items() <= labels.items():
                    found.append(template)
    return found


@pytest.mark.parametrize("host", HOSTS)
def test_from_the_host_name_to_the_pods_port(manifests: dict[str, Manifest], host: str) -> None:
    namespace, name = HOSTS[host]
    records = {e["dnsName"]: e["targets"] for e in find(manifests, "DNSEndpoint")["spec"]["endpoints"]}
    entrance = manifests["traefik/Service/traefik"]
    assert records[host] == [entrance["metadata"]["annotations"]["metallb.io/loadBalancerIPs"]]

    (https,) = (port for port in entrance["spec"]["ports"] if port["port"] == 443)
    (traefik,) = selected(manifests, "traefik", entrance["spec"]["selector"])
    (container,) = traefik["spec"]["containers"]
    (listens,) = (port["containerPort"] for port in container["ports"] if port["name"] == https["targetPort"])
    assert f"--entryPoints.websecure.address=:{listens}/tcp" in container["args"]
    (watched,) = (arg for arg in container["args"] if arg.startswith("--providers.kubernetescrd.namespaces="))
    assert namespace in watched.partition("=")[2].split(",")

    route = manifests[f"{namespace}/IngressRoute/{name}"]["spec"]
    assert route["entryPoints"] == ["websecure"]
    (rule,) = route["routes"]
    assert f"Host(`{host}`)" in rule["match"]
    for middleware in rule["middlewares"]:
        assert f"{namespace}/Middleware/{middleware['name']}" in manifests

    (to,) = rule["services"]
    service = manifests[f"{namespace}/Service/{to['name']}"]["spec"]
    (port,) = (port for port in service["ports"] if port["port"] == to["port"])
    (pod,) = selected(manifests, namespace, service["selector"])
    ports = {p["name"]: p["containerPort"] for c in pod["spec"]["containers"] for p in c.get("ports", [])}
    let_in = manifests[f"{namespace}/NetworkPolicy/{to['name']}-from-traefik.traefik"]["spec"]["ingress"]
    assert [p["port"] for rule in let_in for p in rule["ports"]] == [ports[port["targetPort"]]]


@pytest.mark.parametrize("host", HOSTS)
def test_from_the_issuer_to_the_secret_that_traefik_serves(manifests: dict[str, Manifest], host: str) -> None:
    namespace, name = HOSTS[host]
    certificate = manifests[f"{namespace}/Certificate/{name}"]["spec"]
    assert certificate["dnsNames"] == [host]
    assert certificate["issuerRef"] == {"kind": "ClusterIssuer", "name": "letsencrypt-prod", "group": "cert-manager.io"}
    acme = manifests["ClusterIssuer/letsencrypt-prod"]["spec"]["acme"]
    (solver,) = (
        solver
        for solver in acme["solvers"]
        if any(host.endswith(f".{zone}") for zone in solver.get("selector", {}).get("dnsZones", []))
    )
    token = solver["dns01"]["cloudflare"]["apiTokenSecretRef"]
    (keys,) = (
        [data["secretKey"] for data in secret["spec"]["data"]]
        for identity, secret in manifests.items()
        if identity == f"cert-manager/ExternalSecret/{token['name']}"
    )
    assert token["key"] in keys
    assert manifests[f"{namespace}/IngressRoute/{name}"]["spec"]["tls"]["secretName"] == certificate["secretName"]


def test_from_the_volumes_request_to_the_mount(manifests: dict[str, Manifest]) -> None:
    claims = {i for i, m in manifests.items() if m["kind"] == "PersistentVolumeClaim"}
    storage = manifests["StorageClass/longhorn"]
    mounted = set()
    for identity, manifest in manifests.items():
        match manifest:
            case {"spec": {"template": {"spec": {"containers": _} as pod}}}:
                pass
            case {"spec": {"jobTemplate": {"spec": {"template": {"spec": pod}}}}}:
                pass
            case _:
                continue
        namespace = identity.partition("/")[0]
        for volume in pod.get("volumes", []):
            if "persistentVolumeClaim" in volume:
                claim = f"{namespace}/PersistentVolumeClaim/{volume['persistentVolumeClaim']['claimName']}"
                assert claim in claims
                assert any(m["name"] == volume["name"] for c in pod["containers"] for m in c["volumeMounts"])
                mounted.add(claim)
    assert mounted == claims, "no claim without a pod, no pod without its claim"
    for claim in claims:
        assert manifests[claim]["spec"]["storageClassName"] == storage["metadata"]["name"]
    assert storage["parameters"]["numberOfReplicas"] == "3"


def test_from_the_stores_item_to_the_variable_in_the_container(manifests: dict[str, Manifest]) -> None:
    made = {
        (m["metadata"]["namespace"], m["spec"]["target"]["name"], data["secretKey"]): data["remoteRef"]["key"]
        for m in manifests.values()
        if m["kind"] == "ExternalSecret"
        for data in m["spec"]["data"]
    }
    (condition,) = manifests["ClusterSecretStore/onepassword-store"]["spec"]["conditions"]
    assert {namespace for namespace, _, _ in made} == set(condition["namespaces"])
    used = set()
    for identity, manifest in manifests.items():
        match manifest:
            case {"spec": {"template": {"spec": {"containers": containers} as pod}}}:
                pass
            case {"spec": {"jobTemplate": {"spec": {"template": {"spec": {"containers": containers} as pod}}}}}:
                pass
            case _:
                continue
        namespace = identity.partition("/")[0]
        for container in containers:
            for variable in container.get("env", []):
                if ref := variable.get("valueFrom", {}).get("secretKeyRef"):
                    used.add((namespace, ref["name"], ref["key"]))
        for volume in pod.get("volumes", []):
            if "secret" in volume:
                name = volume["secret"]["secretName"]
                keys = {item["key"] for item in volume["secret"].get("items", [])}
                used |= {key for key in made if key[:2] == (namespace, name) and (not keys or key[2] in keys)}
    assert used <= made.keys(), "each variable's Secret and key is made by an ExternalSecret"
    for_operators = {key for key in made if key[0] in ("cert-manager", "external-dns", "longhorn-system")}
    assert made.keys() - used == for_operators, "no secret is fetched that nobody uses"


@pytest.mark.parametrize(
    ("namespace", "client", "database", "variable", "port"),
    [
        ("bookstack", "bookstack", "bookstack-db", "DB_HOST", 3306),
        ("zammad", "zammad", "zammad-db", "POSTGRESQL_HOST", 5432),
        ("zammad", "zammad-scheduler", "zammad-db", "POSTGRESQL_HOST", 5432),
        ("zammad", "zammad-websocket", "zammad-db", "POSTGRESQL_HOST", 5432),
    ],
)
def test_from_the_pod_to_its_database(
    manifests: dict[str, Manifest], namespace: str, client: str, database: str, variable: str, port: int
) -> None:
    template = manifests[f"{namespace}/Deployment/{client}"]["spec"]["template"]
    variables = {v["name"]: v.get("value") for v in template["spec"]["containers"][0]["env"]}
    host = str(variables[variable]).partition(":")[0]
    assert host == database
    service = manifests[f"{namespace}/Service/{host}"]["spec"]
    assert service["ports"][0]["port"] == 5432
    (server,) = selected(manifests, namespace, service["selector"])
    listens = {p["name"]: p["containerPort"] for c in server["spec"]["containers"] for p in c["ports"]}
    assert listens[service["ports"][0]["targetPort"]] == port

    out = manifests[
        f"{namespace}/NetworkPolicy/{template['metadata']['labels']['app.kubernetes.io/name']}-to-{database}"
    ]
    assert out["spec"]["podSelector"]["matchLabels"].items() <= template["metadata"]["labels"].items()
    (way,) = out["spec"]["egress"]
    (peer,) = way["to"]
    assert peer["podSelector"]["matchLabels"].items() <= server["metadata"]["labels"].items()
    assert [p["port"] for p in way["ports"]] == [port]
