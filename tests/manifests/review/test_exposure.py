"""Risks for exposure: what their two examples do not show."""

import pytest

from tests.reviewed import changed, told_of


def _reasons(old: str, new: str) -> list[str]:
    return [reason for _, _, reason in told_of("exposure", old, new)]


ROUTE = """
---
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: {name: web, namespace: shop}
spec:
  entryPoints: [websecure]
  routes:
  - match: 'Host(`shop.test`) && !PathPrefix(`/metrics`)'
    kind: Rule
    services: [{name: web, port: 80}]
"""
LEADS = "; it leads to Service shop/web"


@pytest.mark.parametrize(
    ("match", "reason"),
    [
        ("Host(`shop.test`)", "no longer left out: /metrics of shop.test"),
        ("Host(`www.shop.test`) || Host(`shop.test`) && !PathPrefix(`/metrics`)", "newly routed: www.shop.test"),
        ("Host(`shop.test`) && PathPrefix(`/metrics`)", "no longer left out: /metrics of shop.test/metrics…"),
        ("!PathPrefix(`/metrics`) && Host(`Shop.test`)", ""),
        ("Host(`shop.test`) && !(PathPrefix(`/metrics`) || PathPrefix(`/admin`))", ""),
        ("Host(`shop.test`) && !PathPrefix(`/metrics`) && PathPrefix(`/shop`)", ""),
        ("HostRegexp(`.*`)", "newly routed: HostRegexp(.*)"),
    ],
)
def test_routes_are_compared_by_what_they_take(match: str, reason: str) -> None:
    found = told_of("exposure", ROUTE, ROUTE.replace("Host(`shop.test`) && !PathPrefix(`/metrics`)", match))
    assert found == ([("shop/IngressRoute/web", "route-takes-more", f"{reason}{LEADS}")] if reason else [])


def test_a_new_route_says_where_it_leads() -> None:
    assert _reasons("", ROUTE) == [f"newly routed: shop.test{LEADS}"]


def test_a_route_that_moves_to_another_object_takes_nothing_new() -> None:
    assert told_of("exposure", ROUTE, ROUTE.replace("name: web, namespace: shop", "name: moved, namespace: shop")) == []


def test_another_entry_point_is_another_way_in() -> None:
    assert _reasons(ROUTE, ROUTE.replace("[websecure]", "[websecure, internal]")) == [
        f"newly taken at entry point internal: shop.test{LEADS}"
    ]
    assert _reasons(ROUTE.replace("[websecure]", "[websecure, internal]"), ROUTE) == []


TRAEFIK = """
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: traefik, namespace: traefik}
spec:
  template:
    spec: {containers: [{name: traefik, image: traefik:v3.7.15, args: [--entryPoints.websecure.address=:8443]}]}
"""
GATEWAY = """
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public, namespace: shop}
spec: {listeners: [{name: https, port: 443}, {name: inner, port: 8443}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web, namespace: shop}
spec:
  parentRefs: [{name: public, sectionName: https}]
  hostnames: [shop.test]
  rules: [{backendRefs: [{name: web, port: 80}]}]
"""


@pytest.mark.parametrize(
    ("text", "changes", "reason"),
    [
        (ROUTE + TRAEFIK, {"[websecure]": "[websecur]"}, ""),
        (ROUTE + TRAEFIK, {"[websecure]": "[traefik]"}, f"newly taken at entry point traefik: shop.test{LEADS}"),
        (GATEWAY, {"sectionName: https": "sectionName: http"}, ""),
        (
            GATEWAY,
            {"sectionName: https": "sectionName: inner"},
            f"newly taken at Gateway shop/public: shop.test{LEADS}",
        ),
    ],
)
def test_where_nobody_listens_nothing_can_come_in(text: str, changes: dict[str, str], reason: str) -> None:
    assert _reasons(text, changed(text, *changes.items())) == ([reason] if reason else [])


def test_routes_of_kubernetes_itself() -> None:
    ingress = """
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec:
  rules:
  - host: shop.test
    http: {paths: [{path: /api, pathType: Prefix, backend: {service: {name: api, port: {number: 80}}}}]}
"""
    assert _reasons(ingress, ingress.replace("path: /api", "path: /")) == [
        "newly routed: shop.test; it leads to Service shop/api"
    ]
    assert _reasons("", ingress) == ["newly routed: shop.test/api…; it leads to Service shop/api"]
    assert _reasons(ingress, ingress.replace("  rules:", "  ingressClassName: nginx\n  rules:")) == [
        "newly taken at ingress class nginx: shop.test/api…; it leads to Service shop/api"
    ]
    route = """
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web, namespace: shop}
spec:
  parentRefs: [{name: public, namespace: gateway}]
  hostnames: [shop.test]
  rules: [{backendRefs: [{name: web, port: 80}]}]
"""
    assert _reasons(route, route.replace("[shop.test]", "[shop.test, www.shop.test]")) == [
        f"newly routed: www.shop.test{LEADS}"
    ]
    assert _reasons("", route.replace("HTTPRoute", "GRPCRoute")) == [f"newly routed: shop.test{LEADS}"]


def test_a_service_to_which_a_route_newly_leads() -> None:
    assert told_of(
        "exposure", ROUTE, ROUTE.replace("{name: web, port: 80}", "{name: web, port: 80}, {name: admin, port: 80}")
    ) == [
        (
            "shop/IngressRoute/web",
            "service-is-routed",
            "Service shop/admin can be reached at shop.test, to which no route led",
        )
    ]


def test_a_service_that_is_not_there_is_not_reached() -> None:
    service = (
        "\n---\n{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}, spec: {ports: [{port: 80}]}}"
    )
    typo = ROUTE.replace("{name: web, port: 80}", "{name: wep, port: 80}")
    assert _reasons(ROUTE + service, typo + service) == []
    assert len(_reasons(ROUTE + service, typo + service + service.replace("name: web", "name: wep"))) == 1


SERVICE = """
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  {type: LoadBalancer, selector: {app: web}, ports: [{name: http, port: 80}], loadBalancerSourceRanges: [10.0.0.0/8]}
"""


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        (
            {"{name: http, port: 80}": "{name: http, port: 80}, {name: dns, port: 53, protocol: UDP}"},
            "port 53/UDP is open to the outside",
        ),
        ({", loadBalancerSourceRanges: [10.0.0.0/8]": ""}, "every address may connect to it"),
        ({"[10.0.0.0/8]": "[10.1.0.0/16, 192.0.2.0/24]"}, "192.0.2.0/24 may connect to it"),
        ({"[10.0.0.0/8]": "[10.1.0.0/16]"}, ""),
        ({"type: LoadBalancer": "type: NodePort"}, ""),
        ({"type: LoadBalancer": "type: ClusterIP"}, ""),
        ({"selector:": "externalIPs: [192.0.2.7], selector:"}, "nodes take what is sent to 192.0.2.7 for it"),
        (
            {"shop}": "shop, annotations: {external-dns.alpha.kubernetes.io/hostname: shop.test}}"},
            "the name shop.test leads to it",
        ),
    ],
)
def test_services(changes: dict[str, str], reason: str) -> None:
    assert _reasons(SERVICE, changed(SERVICE, *changes.items())) == ([reason] if reason else [])


def test_a_new_service_that_is_open_to_the_outside() -> None:
    several = SERVICE.replace("{name: http, port: 80}", "{name: https, port: 443}, {name: http, port: 80}")
    assert told_of("exposure", "", several) == [
        (
            "shop/Service/web",
            "service-is-open-to-the-outside",
            "ports 80 and 443 are open to the outside, as LoadBalancer",
        )
    ]
    assert told_of("exposure", "", SERVICE.replace("LoadBalancer", "ClusterIP")) == []


def test_the_network_of_the_node() -> None:
    pod = "{apiVersion: v1, kind: Pod, metadata: {name: web, namespace: shop}, spec: {containers: []}}"
    assert told_of("exposure", pod, pod.replace("containers", "hostNetwork: true, containers")) == [
        (
            "shop/Pod/web",
            "port-of-the-node-is-open",
            "its ports are open on each node that runs it, and no NetworkPolicy is about them",
        )
    ]


def test_grafana_of_the_operator() -> None:
    grafana = "{apiVersion: grafana.integreatly.org/v1beta1, kind: Grafana, metadata: {name: a}, spec: {config: {}}}"
    assert _reasons(grafana, grafana.replace("{}", "{auth.anonymous: {enabled: 'true'}}")) == [
        "whoever reaches Grafana sees it without an account"
    ]


DNS = """
---
apiVersion: externaldns.k8s.io/v1alpha1
kind: DNSEndpoint
metadata: {name: records, namespace: dns}
spec: {endpoints: [{dnsName: shop.test, recordType: A, targets: [192.0.2.1]}]}
"""


def test_names() -> None:
    more = DNS.replace("endpoints: [", "endpoints: [{dnsName: new.test, recordType: A, targets: [192.0.2.1]}, ")
    assert _reasons(DNS, more) == ["new in DNS: new.test leads to 192.0.2.1"]
    assert _reasons(DNS, DNS.replace("192.0.2.1", "192.0.2.9")) == [
        "shop.test leads to 192.0.2.9, no longer to 192.0.2.1"
    ]
    assert _reasons(more, DNS) == []


TRAEFIK = """
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: traefik, namespace: traefik}
spec:
  template:
    spec:
      containers:
      - name: traefik
        image: traefik:v3.7.15
        args: [--entryPoints.websecure.address=:8443, '--providers.kubernetescrd.namespaces=shop']
"""


@pytest.mark.parametrize(
    ("args", "reason"),
    [
        ("--entryPoints.db.address=:5432/tcp, ", "entry point db is open on port 5432"),
        ("--api.dashboard, ", "its dashboard is on"),
        ("--api.insecure=false, ", ""),
    ],
)
def test_traefik(args: str, reason: str) -> None:
    assert _reasons(TRAEFIK, TRAEFIK.replace("args: [", f"args: [{args}")) == ([reason] if reason else [])


def test_the_namespaces_that_traefik_reads() -> None:
    assert _reasons(TRAEFIK, TRAEFIK.replace("=shop'", "=shop,blog'")) == [
        "the routes of blog are taken (kubernetescrd)"
    ]
    assert _reasons(TRAEFIK, TRAEFIK.replace(".namespaces=shop'", "=true'")) == [
        "the routes of every namespace are taken (kubernetescrd)"
    ]


def _pod(name: str, namespace: str = "shop", ports: str = "") -> str:
    return f"""
---
apiVersion: v1
kind: Pod
metadata: {{name: {name}, namespace: {namespace}, labels: {{app: {name}}}}}
spec: {{containers: [{{name: {name}, image: example/{name}:1.0.0, ports: [{ports}]}}]}}
"""


def _policy(name: str, pod: str, rest: str) -> str:
    return f"""
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: {name}, namespace: shop}}
spec: {{podSelector: {{matchLabels: {{app: {pod}}}}}, {rest}}}
"""


DB = _pod("db", ports="{containerPort: 5432}, {containerPort: 9187}")
PODS = _pod("web") + DB
INTO = _policy("into-db", "db", "ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 5432}]}]")
CLOSED = _policy("closed", "web", "policyTypes: [Egress]")
OUT = _policy("out-of-web", "web", "policyTypes: [Egress], egress: [{to: [{podSelector: {matchLabels: {app: db}}}]}]")
WAY = "newly reachable: shop/Pod/web → shop/Pod/db:5432"


def test_a_way_is_told_of_the_policy_that_opens_it_once() -> None:
    assert told_of("exposure", PODS + CLOSED + INTO, PODS + CLOSED + INTO + OUT) == [
        ("shop/NetworkPolicy/out-of-web", "policies-are-wider", WAY)
    ]
    closed_in = _policy("closed-in", "db", "policyTypes: [Ingress]")
    assert told_of("exposure", PODS + CLOSED + closed_in, PODS + CLOSED + closed_in + INTO + OUT) == [
        ("shop/NetworkPolicy/into-db", "policies-are-wider", WAY)
    ]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"containerPort: 5432": "containerPort: 6432", "port: 5432}": "port: 6432}"}, ""),
        ({"port: 5432}]": "port: 9187}]"}, ":9187"),
        ({"containerPort: 5432": "containerPort: 6432", "port: 5432}": "port: 6432}, {port: 9187}"}, ":6432, 9187"),
        ({"containerPort: 5432": "containerPort: 5432}, {containerPort: 22", "port: 5432}": "port: 22}"}, ":22"),
    ],
)
def test_a_port_that_takes_the_place_of_another_opens_nothing(changes: dict[str, str], told: str) -> None:
    old = PODS + INTO
    new = old
    for before, after in changes.items():
        new = new.replace(before, after)
    assert _reasons(old, new) == ([f"newly reachable: shop/Pod/web → shop/Pod/db{told}"] if told else [])


def test_a_workload_of_another_kind_under_its_name_is_reached_as_before() -> None:
    deployed = """
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: db, namespace: shop}
spec:
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec: {containers: [{name: db, image: "example/db:1.0.0", ports: [{containerPort: 5432}]}]}
"""
    old = _pod("web") + deployed + INTO
    assert _reasons(old, old.replace("kind: Deployment", "kind: StatefulSet")) == []


def test_one_end_alone_opens_nothing() -> None:
    closed_in = _policy("closed-in", "db", "policyTypes: [Ingress]")
    assert told_of("exposure", PODS + CLOSED + closed_in, PODS + CLOSED + closed_in + OUT) == []


def test_a_policy_that_closes_opens_nothing_though_it_names_who_may_pass() -> None:
    assert told_of("exposure", PODS, PODS + INTO) == []
    assert told_of("exposure", PODS + OUT, PODS + OUT + INTO) == []


def test_narrower_than_everybody() -> None:
    everybody = _policy("into-db", "db", "ingress: [{}]")
    assert told_of("exposure", PODS + everybody, PODS + INTO) == []
    assert _reasons(PODS + INTO, PODS + everybody) == ["newly reachable: everywhere → shop/Pod/db:5432, 9187"]


def test_a_block_of_addresses() -> None:
    outside = _policy("outside", "db", "ingress: [{from: [{ipBlock: {cidr: 192.0.2.0/24}}], ports: [{port: 5432}]}]")
    assert _reasons(PODS + INTO, PODS + INTO + outside) == ["newly reachable: 192.0.2.0/24 → shop/Pod/db:5432"]
    out = _policy(
        "out", "web", "policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0}}], ports: [{port: 443}]}]"
    )
    assert _reasons(PODS + INTO + CLOSED, PODS + INTO + CLOSED + out) == [
        "newly reachable: shop/Pod/web → everywhere:443"
    ]


def test_a_pod_whose_labels_let_it_in() -> None:
    third = _pod("third")
    old = PODS + third + INTO
    new = old.replace("labels: {app: third}", "labels: {app: web}")
    assert told_of("exposure", old, new) == [
        ("shop/Pod/third", "policies-are-wider", "newly reachable: shop/Pod/third → shop/Pod/db:5432")
    ]


def test_what_a_new_service_opens_within_is_no_exposure_but_what_it_reaches_is() -> None:
    assert told_of("exposure", "", PODS + INTO + CLOSED + OUT) == []
    assert told_of("exposure", _pod("web") + CLOSED, PODS + INTO + CLOSED + OUT) == []
    assert _reasons(DB + INTO, PODS + INTO) == [WAY]


def test_a_new_service_that_somebody_outside_reaches() -> None:
    everybody = _policy("into-db", "db", "ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}]")
    assert _reasons("", DB + everybody) == ["newly reachable: everywhere → shop/Pod/db:5432, 9187"]


def test_many_ways_are_one_reason() -> None:
    more = "".join(_pod(f"app{number}") for number in range(6))
    opened = INTO.replace("podSelector: {matchLabels: {app: web}}", "podSelector: {}")
    (reason,) = _reasons(PODS + more + INTO, PODS + more + opened)
    assert reason == (
        "newly reachable: shop/Pod/app0 → shop/Pod/db:5432; shop/Pod/app1 → shop/Pod/db:5432; "
        "shop/Pod/app2 → shop/Pod/db:5432; 3 more"
    )


def test_where_cilium_decides_nothing_is_told() -> None:
    cilium = "\n---\n{apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, metadata: {name: a, namespace: shop}}"
    everybody = _policy("into-db", "db", "ingress: [{}]")
    assert told_of("exposure", PODS + INTO + cilium, PODS + everybody + cilium) == []


@pytest.mark.parametrize(
    ("kind", "spec"),
    [
        ("IngressRoute", "{routes: [{match: 4, services: [5]}], entryPoints: 6}"),
        ("Ingress", "{rules: [2, {http: {paths: 3}}]}"),
        ("HTTPRoute", "{hostnames: [1], parentRefs: 2}"),
        ("Gateway", "{listeners: [1, {port: x, hostname: 2}]}"),
        ("Service", "{type: LoadBalancer, ports: [1, {port: [2]}], externalIPs: 3}"),
        ("Service", "{type: 1, ports: 2, loadBalancerSourceRanges: [x]}"),
        ("DNSEndpoint", "{endpoints: [1, {dnsName: 2, targets: 3}]}"),
        ("Middleware", "{ipAllowList: {sourceRange: [x, 1]}}"),
        ("Grafana", "{config: {users: 1}}"),
        ("NetworkPolicy", "{podSelector: 1, ingress: [2, {from: 3, ports: [{port: {}}]}]}"),
    ],
)
def test_what_has_another_shape_is_no_error(kind: str, spec: str) -> None:
    group = {"NetworkPolicy": "networking.k8s.io/v1", "Service": "v1"}.get(kind, "example.test/v1")
    good = f"{{apiVersion: {group}, kind: {kind}, metadata: {{name: a, namespace: shop}}, spec: {{x: 1}}}}"
    bad = good.replace("{x: 1}", spec)
    for old, new in ((good, bad), (bad, good), (bad, ""), ("", bad)):
        _reasons(old, new)


def test_every_port_is_said_so() -> None:
    assert _reasons(
        PODS + INTO + CLOSED,
        PODS + INTO + CLOSED + OUT.replace("podSelector: {matchLabels: {app: db}}", "ipBlock: {cidr: 192.0.2.0/24}"),
    ) == ["newly reachable: shop/Pod/web → 192.0.2.0/24 on any port"]


def test_addresses_that_nginx_lets_pass() -> None:
    ingress = """
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop, annotations: {nginx.ingress.kubernetes.io/whitelist-source-range: "10.0.0.0/8"}}
spec: {rules: [{host: shop.test}]}
"""
    assert _reasons(ingress, ingress.replace("10.0.0.0/8", "10.0.0.0/8, 192.0.2.0/24")) == [
        "requests from 192.0.2.0/24 pass"
    ]
    assert _reasons(ingress, ingress.replace("10.0.0.0/8", "10.1.0.0/16, 10.2.0.0/16")) == []


def test_a_gateway_that_listens_on_another_port() -> None:
    gateway = "{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: a}, spec: {listeners: [L]}}"
    old = gateway.replace("L]", "{name: https, port: 443}]")
    new = gateway.replace("L]", "{name: https, port: 443}, {name: db, port: 5432, hostname: db.test}]")
    assert _reasons(old, new) == ["it listens on port 5432 for db.test"]
    assert _reasons(new, old) == []


def test_a_policy_that_takes_fewer_pods() -> None:
    assert told_of("exposure", PODS + INTO, PODS + INTO.replace("{app: web}}}]", "{app: web, tier: front}}}]")) == []
    blog = "namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: blog}}"
    elsewhere = INTO.replace(
        "[{podSelector: {matchLabels: {app: web}}}]", f"[{{{blog}, podSelector: {{matchLabels: {{app: web}}}}}}]"
    )
    assert _reasons(PODS + INTO, PODS + elsewhere) == ["newly reachable: blog/Pod/{app=web} → shop/Pod/db:5432"]


def test_several_hosts_are_told_in_their_order() -> None:
    several = " || ".join(f"Host(`{letter}.test`)" for letter in "dacbe")
    (reason,) = _reasons("", ROUTE.replace("Host(`shop.test`) && !PathPrefix(`/metrics`)", several))
    assert reason == f"newly routed: a.test, b.test, c.test and 2 more{LEADS}"
