"""Ways: what NetworkPolicies close, for whom."""

import pytest

from tests.reviewed import changed, reasons


def policy(name: str, pods: str, spec: str) -> str:
    """A NetworkPolicy of the namespace."""
    return f"""---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: {name}, namespace: shop}}
spec:
  podSelector: {pods}
{spec}
"""


def workload(name: str, container: str, template: str = "") -> str:
    """A Deployment with its Service."""
    return f"""---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: {name}, namespace: shop}}
spec:
  replicas: 2
  selector: {{matchLabels: {{app: {name}}}}}
  template:
    metadata: {{labels: {{app: {name}}}}}
    spec:
      {template or "automountServiceAccountToken: false"}
      containers:
      - name: {name}
        {container}
---
apiVersion: v1
kind: Service
metadata: {{name: {name}, namespace: shop}}
spec: {{selector: {{app: {name}}}, ports: [{{name: http, port: 80, targetPort: http}}]}}
"""


DENY = policy("default-deny", "{}", "  policyTypes: [Ingress, Egress]")
DNS = policy(
    "allow-dns",
    "{}",
    "  policyTypes: [Egress]\n"
    "  egress: [{to: [{namespaceSelector: {}}], ports: [{port: 53, protocol: UDP}, {port: 53, protocol: TCP}]}]",
)
WEB_TO_API = policy(
    "web-to-api",
    "{matchLabels: {app: web}}",
    "  policyTypes: [Egress]\n  egress: [{to: [{podSelector: {matchLabels: {app: api}}}], ports: [{port: 8080}]}]",
)
API_FROM_WEB = policy(
    "api-from-web",
    "{matchLabels: {app: api}}",
    "  policyTypes: [Ingress]\n  ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 8080}]}]",
)
FROM_CLIENTS = policy(
    "traefik-from-clients",
    "{matchLabels: {app: traefik}}",
    "  policyTypes: [Ingress]\n  ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}], ports: [{port: 8443}]}]",
)
TO_KUBERNETES = policy(
    "traefik-to-kubernetes-api",
    "{matchLabels: {app: traefik}}",
    "  policyTypes: [Egress]\n  egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8}}], ports: [{port: 6443}]}]",
)
TO_MAIL = policy(
    "api-to-mail",
    "{matchLabels: {app: api}}",
    "  policyTypes: [Egress]\n  egress: [{to: [{ipBlock: {cidr: 192.0.2.0/24}}], ports: [{port: 465}]}]",
)
PUSH = "{matchLabels: {kubernetes.io/metadata.name: push}}"
TO_METRICS = policy(
    "api-to-push",
    "{matchLabels: {app: api}}",
    f"  policyTypes: [Egress]\n  egress: [{{to: [{{namespaceSelector: {PUSH}}}], ports: [{{port: 9091}}]}}]",
)
WORKLOADS = (
    workload(
        "web",
        "image: example/web:1.0.0\n"
        "        ports: [{name: http, containerPort: 3000}]\n"
        '        env: [{name: API_URL, value: "http://api:80"}]',
    )
    + workload("api", "image: example/api:1.0.0\n        ports: [{name: http, containerPort: 8080}]")
    + workload(
        "traefik",
        "image: traefik:v3.6.1\n        ports: [{name: http, containerPort: 8443}]",
        "serviceAccountName: traefik",
    )
    + """---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: traefik, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
subjects: [{kind: ServiceAccount, name: traefik, namespace: shop}]
---
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: {name: shop, namespace: shop}
spec:
  routes:
  - kind: Rule
    match: Host(`shop.example.com`)
    services: [{name: web, port: 80}]
"""
)
POLICIES = (DENY, DNS, WEB_TO_API, API_FROM_WEB, FROM_CLIENTS, TO_KUBERNETES, TO_MAIL, TO_METRICS)
CLOSED = "".join(POLICIES) + WORKLOADS


def downtime(old: str, *replaced: tuple[str, str]) -> dict[str, list[str]]:
    found = reasons("downtime", old, changed(old, *replaced))
    return {name.rpartition("/")[2]: told for name, told in found.items()}


NO_NAME = "to the cluster's DNS any more: no name is found, and so nothing that is called by its name"


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (DNS, "", {"allow-dns": f"api, traefik and web are not let out {NO_NAME}"}),
        (
            "port: 53, protocol: UDP",
            "port: 54, protocol: UDP",
            {"allow-dns": f"api, traefik and web are not let out {NO_NAME}"},
        ),
        (
            "{namespaceSelector: {}}",
            "{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}}",
            {},
        ),
        (
            FROM_CLIENTS,
            "",
            {
                "traefik-from-clients": "traefik is no longer reached from everywhere, port 8443: by this way come the "
                "requests to shop.example.com"
            },
        ),
        (
            "0.0.0.0/0",
            "10.0.0.0/8",
            {
                "traefik-from-clients": "traefik is no longer reached from everywhere, port 8443: by this way come the "
                "requests to shop.example.com"
            },
        ),
        (
            TO_KUBERNETES,
            "",
            {
                "traefik-to-kubernetes-api": "traefik is not let out to the Kubernetes API any more: what is asked of "
                "it fails"
            },
        ),
        (TO_MAIL, "", {"api-to-mail": "api no longer reaches 192.0.2.0/24, port 465: what needed it fails"}),
        ("port: 465", "port: 465}, {port: 587", {}),
        ("192.0.2.0/24", "0.0.0.0/0", {}),
        (TO_METRICS, "", {"api-to-push": "api no longer reaches push/*, port 9091: what needed it fails"}),
        # Which pods it was, no manifest shows.
        (
            f"{{namespaceSelector: {PUSH}}}",
            f"{{namespaceSelector: {PUSH}, podSelector: {{matchLabels: {{a: b}}}}}}",
            {},
        ),
        (API_FROM_WEB, "", {"api-from-web": "the connection of web to api is stopped"}),
        (
            "from: [{podSelector: {matchLabels: {app: web}}}]",
            "from: [{podSelector: {matchLabels: {app: wbe}}}]",
            {"api-from-web": "the connection of web to api is stopped"},
        ),
        (DENY, "", {}),
    ],
)
def test_a_way_that_is_closed(before: str, after: str, told: dict[str, str]) -> None:
    assert downtime(CLOSED, (before, after)) == {name: [reason] for name, reason in told.items()}


def test_a_way_between_two_that_stay_as_they_are() -> None:
    quiet = CLOSED.replace('        env: [{name: API_URL, value: "http://api:80"}]', "")
    assert downtime(quiet, (API_FROM_WEB, "")) == {
        "api-from-web": ["api is no longer reached from web, port 8080: what needed it fails"]
    }


def test_a_way_that_nobody_needs_any_more_as_one_end_is_another() -> None:
    assert "api-from-web" not in downtime(
        CLOSED, (API_FROM_WEB, ""), (WEB_TO_API, ""), ('[{name: API_URL, value: "http://api:80"}]', "[]")
    )


def test_policies_that_come_with_all_that_is_needed_close_nothing() -> None:
    traefik_to_web = policy(
        "traefik-to-web",
        "{matchLabels: {app: traefik}}",
        "  policyTypes: [Egress]\n  egress: [{to: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 3000}]}]",
    )
    web_from_traefik = policy(
        "web-from-traefik",
        "{matchLabels: {app: web}}",
        "  policyTypes: [Ingress]\n  ingress: [{from: [{podSelector: {matchLabels: {app: traefik}}}]}]",
    )
    needed = "".join((*POLICIES, traefik_to_web, web_from_traefik))
    assert downtime(WORKLOADS, (WORKLOADS, needed + WORKLOADS)) == {}


def test_a_policy_that_comes_alone_stops_what_the_manifests_show() -> None:
    found = downtime(WORKLOADS, (WORKLOADS, DENY + WORKLOADS))
    assert found["default-deny"] == [
        "the connections of web to api and traefik to web are stopped",
        f"web is not let out {NO_NAME}",
        "traefik is not let out to the Kubernetes API any more: what is asked of it fails",
    ]


TO_NODES = policy(
    "prometheus-to-nodes",
    "{matchLabels: {app: prometheus}}",
    "  policyTypes: [Egress]\n  egress: [{to: [{ipBlock: {cidr: 192.0.2.0/24}}], ports: [{port: 10250}]}]",
)
READS_NODES = """---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: nodes}
rules: [{apiGroups: [""], resources: [nodes], verbs: [get]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: nodes}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: nodes}
subjects: [{kind: ServiceAccount, name: default, namespace: shop}]
"""
SCRAPING = (
    workload(
        "prometheus",
        "image: prom/prometheus:v3.8.0\n        volumeMounts: [{name: config, mountPath: /etc/prometheus}]",
        "volumes: [{name: config, configMap: {name: prometheus}}]",
    )
    + """---
apiVersion: v1
kind: ConfigMap
metadata: {name: prometheus, namespace: shop}
data: {prometheus.yml: "scrape_configs: [{job_name: nodes}, {job_name: web}]"}
"""
)


def test_to_what_prometheus_no_longer_scrapes_it_needs_no_way_and_no_right() -> None:
    old = DENY + DNS + TO_NODES + READS_NODES + SCRAPING
    gone = [(TO_NODES, ""), (READS_NODES, "")]
    assert downtime(old, *gone) == {
        "prometheus-to-nodes": ["prometheus no longer reaches 192.0.2.0/24, port 10250: what needed it fails"],
        "nodes": ["prometheus may no longer get nodes"],
    }
    assert downtime(old, *gone, ("{job_name: nodes}, ", "")) == {}


@pytest.mark.parametrize(
    ("ports", "told"),
    [
        ("[{port: 8081}]", True),
        ("[{port: 8080}, {port: 8081}]", False),
        ("[{port: http}]", False),
    ],
)
def test_a_policy_that_closes_the_pods_that_still_run(ports: str, told: bool) -> None:
    rule = "from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 8080}]"
    out = "to: [{podSelector: {matchLabels: {app: api}}}], ports: [{port: 8080}]"
    found = downtime(
        CLOSED,
        (rule, rule.replace("[{port: 8080}]", ports)),
        (out, out.replace("[{port: 8080}]", ports)),
        ("containerPort: 8080", "containerPort: 8081"),
    )
    reason = "until all pods are new, the old ones' connection of web to api is stopped"
    assert [reason in reasons for reasons in found.values()] == ([True] if told else [])
