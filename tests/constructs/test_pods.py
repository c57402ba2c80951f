import cdk8s
import cdk8s_plus_27 as kplus
import pytest
from cdk8s_plus_27 import k8s

from tests.conftest import Manifest, Render
from tests.refused import refused
from vkm_constructs import App, ExistingNamespace, Pods, ServiceChart, ServiceNamespace, WebApp


def labels_of(name: str) -> dict[str, str]:
    return {"app.kubernetes.io/name": name, "app.kubernetes.io/instance": name}


def policies(manifests: dict[str, Manifest]) -> dict[str, Manifest]:
    """All but those of the namespace."""
    namespaces = ("default-deny", "allow-dns")
    return {
        key: manifest
        for key, manifest in manifests.items()
        if manifest["kind"] == "NetworkPolicy" and manifest["metadata"]["name"] not in namespaces
    }


@pytest.fixture
def chart(app: App) -> ServiceChart:
    """The chart `shop`, in a namespace that is closed but for DNS."""
    return ServiceChart(app, "shop", namespace=ServiceNamespace(ServiceChart(app, "namespaces"), "shop"))


@pytest.fixture
def web(chart: ServiceChart) -> WebApp:
    return WebApp(chart, "web", image="shop:1", port=8080)


@pytest.fixture
def api(chart: ServiceChart) -> WebApp:
    return WebApp(chart, "api", image="api:1", port=9000, service_port=80, extra_ports={"metrics": 9100})


@pytest.fixture
def wiki(app: App) -> WebApp:
    """An application in another namespace."""
    elsewhere = ServiceChart(app, "docs", namespace=ExistingNamespace("docs"))
    return WebApp(elsewhere, "wiki", image="wiki:1", port=7000)


def test_connect_to(web: WebApp, api: WebApp, render: Render) -> None:
    """Egress here, ingress there, on the pods' port; nothing else is opened."""
    web.connect_to(api)

    found = policies(render())
    assert found.keys() == {"NetworkPolicy/web-to-api", "NetworkPolicy/api-from-web"}
    assert found["NetworkPolicy/web-to-api"]["spec"] == {
        "podSelector": {"matchLabels": {"app.kubernetes.io/name": "web"}},
        "policyTypes": ["Egress"],
        "egress": [
            {
                "to": [{"podSelector": {"matchLabels": labels_of("api")}}],
                "ports": [{"port": 9000, "protocol": "TCP"}],
            }
        ],
    }
    assert found["NetworkPolicy/api-from-web"]["spec"] == {
        "podSelector": {"matchLabels": labels_of("api")},
        "policyTypes": ["Ingress"],
        "ingress": [
            {
                "from": [{"podSelector": {"matchLabels": {"app.kubernetes.io/name": "web"}}}],
                "ports": [{"port": 9000, "protocol": "TCP"}],
            }
        ],
    }


def test_without_a_connection_there_is_no_policy(web: WebApp, api: WebApp, render: Render) -> None:
    assert not policies(render())


def test_a_connection_changes_neither_end(web: WebApp, api: WebApp, app: App, render: Render) -> None:
    before = render()
    web.connect_to(api)

    after = render()
    assert {key: after[key] for key in before} == before


def test_connecting_twice_is_connecting_once(web: WebApp, api: WebApp, render: Render) -> None:
    web.connect_to(api)
    once = render()
    web.connect_to(api)

    assert render() == once


def test_connecting_to_a_named_port(web: WebApp, api: WebApp, render: Render) -> None:
    web.connect_to(api, port="metrics")

    found = policies(render())
    assert found.keys() == {"NetworkPolicy/web-to-api-metrics", "NetworkPolicy/api-from-web-metrics"}
    port = [{"port": 9100, "protocol": "TCP"}]
    assert found["NetworkPolicy/web-to-api-metrics"]["spec"]["egress"][0]["ports"] == port
    assert found["NetworkPolicy/api-from-web-metrics"]["spec"]["ingress"][0]["ports"] == port


def test_two_ports_are_two_connections(web: WebApp, api: WebApp, render: Render) -> None:
    web.connect_to(api)
    web.connect_to(api, port="metrics")

    assert len(policies(render())) == 4


def test_both_directions_are_two_connections(web: WebApp, api: WebApp, render: Render) -> None:
    web.connect_to(api)
    api.connect_to(web)

    assert policies(render()).keys() == {
        "NetworkPolicy/web-to-api",
        "NetworkPolicy/api-from-web",
        "NetworkPolicy/api-to-web",
        "NetworkPolicy/web-from-api",
    }


def test_across_namespaces(web: WebApp, wiki: WebApp, render: Render) -> None:
    """Each policy lives beside its pods, and names the other's namespace and pods in one peer: both must match."""
    web.connect_to(wiki)

    found = policies(render())
    assert found.keys() == {"NetworkPolicy/web-to-docs.wiki", "docs/NetworkPolicy/wiki-from-shop.web"}
    assert found["NetworkPolicy/web-to-docs.wiki"]["spec"]["egress"][0]["to"] == [
        {
            "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "docs"}},
            "podSelector": {"matchLabels": labels_of("wiki")},
        }
    ]
    assert found["docs/NetworkPolicy/wiki-from-shop.web"]["spec"]["ingress"][0]["from"] == [
        {
            "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "shop"}},
            "podSelector": {"matchLabels": {"app.kubernetes.io/name": "web"}},
        }
    ]


def test_equal_names_in_several_namespaces_are_several_connections(
    app: App, web: WebApp, wiki: WebApp, render: Render
) -> None:
    notes = ServiceChart(app, "notes", namespace=ExistingNamespace("notes"))
    web.connect_to(wiki)
    web.connect_to(WebApp(notes, "wiki", image="wiki:1", port=7000))

    assert policies(render()).keys() == {
        "NetworkPolicy/web-to-docs.wiki",
        "NetworkPolicy/web-to-notes.wiki",
        "docs/NetworkPolicy/wiki-from-shop.web",
        "notes/NetworkPolicy/wiki-from-shop.web",
    }


def test_plain_cdk8s_plus_pods(chart: ServiceChart, web: WebApp, render: Render) -> None:
    legacy = kplus.Deployment(
        chart,
        "legacy",
        containers=[kplus.ContainerProps(image="legacy:1", port_number=5000)],
        metadata=cdk8s.ApiObjectMetadata(name="legacy"),
    )
    pods = Pods(name="legacy", namespace="shop", labels=dict(legacy.match_labels), ports={"http": 5000}, scope=legacy)
    web.connect_to(pods)

    manifests = render()
    assert policies(manifests).keys() == {"NetworkPolicy/web-to-legacy", "NetworkPolicy/legacy-from-web"}
    labels = manifests["Deployment/legacy"]["spec"]["template"]["metadata"]["labels"]
    (peer,) = manifests["NetworkPolicy/web-to-legacy"]["spec"]["egress"][0]["to"]
    assert peer == {"podSelector": {"matchLabels": labels}}
    assert manifests["NetworkPolicy/legacy-from-web"]["spec"]["podSelector"] == {"matchLabels": labels}


def test_plain_l1_pods(chart: ServiceChart, web: WebApp, render: Render) -> None:
    pod = k8s.KubePod(
        chart,
        "legacy",
        metadata=k8s.ObjectMeta(name="legacy", labels={"app": "legacy"}),
        spec=k8s.PodSpec(containers=[k8s.Container(name="legacy", image="legacy:1")]),
    )
    web.connect_to(Pods(name="legacy", namespace="shop", labels={"app": "legacy"}, ports={"http": 5000}, scope=pod))

    found = policies(render())
    assert found.keys() == {"NetworkPolicy/web-to-legacy", "NetworkPolicy/legacy-from-web"}
    assert found["NetworkPolicy/legacy-from-web"]["spec"]["podSelector"] == {"matchLabels": {"app": "legacy"}}


def test_pods_that_are_not_ours_get_no_policy(web: WebApp, render: Render) -> None:
    """A first policy would cut off pods that were open until then."""
    web.connect_to(Pods(name="dns", namespace="kube-system", labels={"k8s-app": "kube-dns"}, ports={"dns": 53}))

    found = policies(render())
    assert found.keys() == {"NetworkPolicy/web-to-kube-system.dns"}
    assert found["NetworkPolicy/web-to-kube-system.dns"]["spec"]["egress"][0]["ports"][0]["port"] == 53


def test_family_is_let_in_and_itself_is_reached(web: WebApp, api: WebApp, chart: ServiceChart, render: Render) -> None:
    legacy = Pods(
        name="legacy",
        namespace="shop",
        labels={"app": "legacy", "role": "server"},
        ports={"http": 5000},
        family={"app": "legacy"},
        scope=chart,
    )
    web.connect_to(legacy)

    found = policies(render())
    selected = found["NetworkPolicy/legacy-from-web"]["spec"]["podSelector"]
    assert selected == {"matchLabels": {"app": "legacy", "role": "server"}}


def test_allow_from(web: WebApp, api: WebApp, render: Render) -> None:
    """The same as a connection from there, whoever says it."""
    api.allow_from(web)
    allowed = policies(render())
    web.connect_to(api)

    assert policies(render()) == allowed
    assert allowed.keys() == {"NetworkPolicy/web-to-api", "NetworkPolicy/api-from-web"}


def test_allow_from_pods_that_are_not_ours(api: WebApp, render: Render) -> None:
    """They have no verb of their own, and get no policy."""
    operator = Pods(name="operator", namespace="system", labels={"app": "operator"})
    api.allow_from(operator, port="metrics")

    found = policies(render())
    assert found.keys() == {"NetworkPolicy/api-from-system.operator-metrics"}
    assert found["NetworkPolicy/api-from-system.operator-metrics"]["spec"] == {
        "podSelector": {"matchLabels": labels_of("api")},
        "policyTypes": ["Ingress"],
        "ingress": [
            {
                "from": [
                    {
                        "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "system"}},
                        "podSelector": {"matchLabels": {"app": "operator"}},
                    }
                ],
                "ports": [{"port": 9100, "protocol": "TCP"}],
            }
        ],
    }


def test_allow_from_rejects_a_port_that_is_not_declared(web: WebApp, api: WebApp) -> None:
    with refused("""
        shop/api
          port="admin" is not a port of api
          accepted: "http", "metrics"
          fix:      port="http"
    """):
        api.allow_from(web, port="admin")


def test_connect_to_outside(web: WebApp, render: Render) -> None:
    web.connect_to_outside("smtp", cidrs=["192.0.2.0/24", "2001:db8::/32"], ports=[465, 587], reason="sends mail")

    found = policies(render())
    assert found.keys() == {"NetworkPolicy/web-to-smtp"}
    manifest = found["NetworkPolicy/web-to-smtp"]
    assert manifest["metadata"]["annotations"] == {"kubernetes.io/description": "sends mail"}
    assert manifest["spec"] == {
        "podSelector": {"matchLabels": {"app.kubernetes.io/name": "web"}},
        "policyTypes": ["Egress"],
        "egress": [
            {
                "to": [{"ipBlock": {"cidr": "192.0.2.0/24"}}, {"ipBlock": {"cidr": "2001:db8::/32"}}],
                "ports": [{"port": 465, "protocol": "TCP"}, {"port": 587, "protocol": "TCP"}],
            }
        ],
    }


def test_connect_to_outside_excluding(web: WebApp, render: Render) -> None:
    web.connect_to_outside(
        "internet", cidrs=["0.0.0.0/0"], excluding=["10.0.0.0/8", "192.168.0.0/16"], ports=[443], reason="webhooks"
    )

    assert render()["NetworkPolicy/web-to-internet"]["spec"]["egress"][0]["to"] == [
        {"ipBlock": {"cidr": "0.0.0.0/0", "except": ["10.0.0.0/8", "192.168.0.0/16"]}}
    ]


def test_excluding_is_written_where_it_is_a_part(web: WebApp, render: Render) -> None:
    """The API server refuses an exception outside of its block, also of another family."""
    web.connect_to_outside(
        "internet",
        cidrs=["0.0.0.0/0", "::/0"],
        excluding=["10.0.0.0/8", "fc00::/7"],
        ports=[443],
        reason="webhooks",
    )

    assert render()["NetworkPolicy/web-to-internet"]["spec"]["egress"][0]["to"] == [
        {"ipBlock": {"cidr": "0.0.0.0/0", "except": ["10.0.0.0/8"]}},
        {"ipBlock": {"cidr": "::/0", "except": ["fc00::/7"]}},
    ]


def test_allow_from_outside(api: WebApp, render: Render) -> None:
    api.allow_from_outside("office", cidrs=["198.51.100.0/24"], ports=["http", "metrics"], reason="for people")

    found = policies(render())
    assert found.keys() == {"NetworkPolicy/api-from-office"}
    manifest = found["NetworkPolicy/api-from-office"]
    assert manifest["metadata"]["annotations"] == {"kubernetes.io/description": "for people"}
    assert manifest["spec"] == {
        "podSelector": {"matchLabels": labels_of("api")},
        "policyTypes": ["Ingress"],
        "ingress": [
            {
                "from": [{"ipBlock": {"cidr": "198.51.100.0/24"}}],
                "ports": [{"port": 9000, "protocol": "TCP"}, {"port": 9100, "protocol": "TCP"}],
            }
        ],
    }


def test_in_an_open_namespace_the_first_connection_opens_dns(wiki: WebApp, render: Render) -> None:
    """The first policy on what pods may reach cuts them off from all else, also from finding what they may reach."""
    wiki.connect_to_outside("smtp", cidrs=["192.0.2.0/24"], ports=[465], reason="sends mail")
    wiki.connect_to_outside("github", cidrs=["192.0.2.0/24"], ports=[443], reason="reads issues")

    found = policies(render())
    assert found.keys() == {
        "docs/NetworkPolicy/wiki-to-kube-system.dns",
        "docs/NetworkPolicy/wiki-to-github",
        "docs/NetworkPolicy/wiki-to-smtp",
    }
    (egress,) = found["docs/NetworkPolicy/wiki-to-kube-system.dns"]["spec"]["egress"]
    assert egress["ports"] == [{"port": 53, "protocol": "UDP"}, {"port": 53, "protocol": "TCP"}]
    assert egress["to"][0]["podSelector"] == {"matchLabels": {"k8s-app": "kube-dns"}}


def test_in_an_open_namespace_dns_is_opened_once_and_for_the_family(wiki: WebApp, web: WebApp, render: Render) -> None:
    wiki.connect_to(web)
    wiki.connect_to_outside("smtp", cidrs=["192.0.2.0/24"], ports=[465], reason="sends mail")

    found = policies(render())
    opened = [key for key, manifest in found.items() if "kube-dns" in str(manifest)]
    assert opened == ["docs/NetworkPolicy/wiki-to-kube-system.dns"]
    assert found[opened[0]]["spec"]["podSelector"] == {"matchLabels": {"app.kubernetes.io/name": "wiki"}}
    assert found[opened[0]]["spec"]["policyTypes"] == ["Egress"]


def test_who_is_only_reached_needs_no_dns(wiki: WebApp, web: WebApp, render: Render) -> None:
    web.connect_to(wiki)

    assert policies(render()).keys() == {
        "NetworkPolicy/web-to-docs.wiki",
        "docs/NetworkPolicy/wiki-from-shop.web",
    }


def test_in_a_closed_namespace_dns_is_open_already(web: WebApp, render: Render) -> None:
    web.connect_to_outside("smtp", cidrs=["192.0.2.0/24"], ports=[465], reason="sends mail")

    assert policies(render()).keys() == {"NetworkPolicy/web-to-smtp"}


def test_something_outside_that_is_named_dns(wiki: WebApp, render: Render) -> None:
    """It does not take the place of the policy that opens the cluster's own."""
    wiki.connect_to_outside("dns", cidrs=["192.0.2.53/32"], ports=[53], reason="asks another resolver")

    assert policies(render()).keys() == {
        "docs/NetworkPolicy/wiki-to-dns",
        "docs/NetworkPolicy/wiki-to-kube-system.dns",
    }


def test_a_plain_chart_is_an_open_namespace(app: App, web: WebApp, render: Render) -> None:
    legacy = cdk8s.Chart(app, "legacy", namespace="legacy")
    WebApp(legacy, "old", image="old:1", port=8080).connect_to(web)

    assert "legacy/NetworkPolicy/old-to-kube-system.dns" in render()


def test_far_and_near_ends_of_one_name_are_two(app: App, chart: ServiceChart, web: WebApp, render: Render) -> None:
    """Also where the far one's namespace has that name, too."""
    far = ServiceChart(app, "notes", namespace=ExistingNamespace("notes"))
    web.connect_to(WebApp(chart, "notes", image="notes:1", port=7000))
    web.connect_to(WebApp(far, "notes", image="notes:1", port=7000))

    assert policies(render()).keys() == {
        "NetworkPolicy/web-to-notes",
        "NetworkPolicy/notes-from-web",
        "NetworkPolicy/web-to-notes.notes",
        "notes/NetworkPolicy/notes-from-shop.web",
    }


def test_rejects_two_connections_of_one_name(web: WebApp) -> None:
    web.connect_to_outside("smtp", cidrs=["192.0.2.0/24"], ports=[465], reason="sends mail")
    with refused("""
        shop/web
          connection="web-to-smtp" is there already, with another end or other ports
          accepted: one connection of that name
          fix:      give the other end another name, or make one connection of both
    """):
        web.connect_to_outside("smtp", cidrs=["192.0.2.0/24"], ports=[587], reason="sends mail")


def test_rejects_two_ends_of_one_name(chart: ServiceChart, web: WebApp) -> None:
    web.connect_to(Pods(name="old", namespace="shop", labels={"app": "one"}, ports={"http": 80}, scope=chart))
    with refused("""
        shop/web
          connection="web-to-old" is there already, with another end or other ports
          accepted: one connection of that name
          fix:      give the other end another name, or make one connection of both
    """):
        web.connect_to(Pods(name="old", namespace="shop", labels={"app": "two"}, ports={"http": 80}, scope=chart))


def test_rejects_a_workload_with_the_name_of_something_outside(chart: ServiceChart, web: WebApp) -> None:
    web.connect_to_outside("api", cidrs=["192.0.2.0/24"], ports=[443], reason="asks it")
    with refused("""
        shop/web
          connection="web-to-api" is there already, with another end or other ports
          accepted: one connection of that name
          fix:      give the other end another name, or make one connection of both
    """):
        web.connect_to(Pods(name="api", namespace="shop", labels={"app": "api"}, ports={"http": 80}, scope=chart))


def test_rejects_a_workload_with_the_name_of_anothers_port(chart: ServiceChart, web: WebApp, api: WebApp) -> None:
    web.connect_to(api, port="http")
    other = WebApp(chart, "api-http", image="api:1", port=9000)
    with refused("""
        shop/web
          connection="web-to-api-http" is there already, with another end or other ports
          accepted: one connection of that name
          fix:      give the other end another name, or make one connection of both
    """):
        web.connect_to(other)


def test_rejects_pods_that_are_none(web: WebApp) -> None:
    """A selector without labels would be every pod of the namespace."""
    with refused("""
        shop/web
          Pods("Old App").name="Old App" is not a name that Kubernetes accepts
          accepted: a-z, 0-9, - and ., a letter or digit at both ends (DNS subdomain, RFC 1123)
          fix:      the name as the cluster has it
          Pods("Old App").namespace="" is not a name that Kubernetes accepts
          accepted: a-z, 0-9, - and ., a letter or digit at both ends (DNS subdomain, RFC 1123)
          fix:      the name as the cluster has it
          Pods("Old App").labels={} would select every pod of the namespace
          accepted: at least one label
          fix:      labels={"app.kubernetes.io/name": "Old App"}
          Pods("Old App").ports="HTTP" is not a port's name
          accepted: at most 15 of a-z, 0-9 and single -, with a letter (RFC 6335)
          fix:      "http"
          Pods("Old App").ports["HTTP"]=99999 is not a port
          accepted: a whole number from 1 to 65535
          fix:      Pods("Old App").ports["HTTP"]=8080
    """):
        web.connect_to(Pods(name="Old App", namespace="", labels={}, ports={"HTTP": 99999}))


def test_rejects_a_caller_without_labels(api: WebApp) -> None:
    """It would let every pod of that namespace in."""
    with refused("""
        shop/api
          Pods("everybody").labels={} would select every pod of the namespace
          accepted: at least one label
          fix:      labels={"app.kubernetes.io/name": "everybody"}
    """):
        api.allow_from(Pods(name="everybody", namespace="docs", labels={}))


NO_NETWORKS = {
    "10.1.2.3": "10.1.2.3/32",
    "10.1.2.3/8": "10.0.0.0/8",
    "10.0.0.0/255.0.0.0": "10.0.0.0/8",
    "2001:DB8::/32": "2001:db8::/32",
    "2001:db8:0::/32": "2001:db8::/32",
    "10.0.0.0/33": "10.0.0.0/8",
    "everywhere": "10.0.0.0/8",
    "": "10.0.0.0/8",
}


def test_outside_rejects_what_is_no_network(web: WebApp) -> None:
    for cidr, fix in NO_NETWORKS.items():
        with refused(f"""
            shop/web
              cidrs="{cidr}" is not a network
              accepted: a CIDR block such as "10.0.0.0/8"; a single address is "10.1.2.3/32"
              fix:      "{fix}"
        """):
            web.connect_to_outside("api", cidrs=[cidr], ports=[443], reason="asks it")


def test_outside_rejects_one_text(web: WebApp) -> None:
    with refused("""
        shop/web
          cidrs="10.0.0.0/8" is one text
          accepted: a list of CIDR blocks
          fix:      cidrs=["10.0.0.0/8"]
    """):
        web.connect_to_outside("api", cidrs="10.0.0.0/8", ports=[443], reason="asks it")


def test_excluding_rejects_what_is_not_reached_anyway(web: WebApp) -> None:
    """The API server wants a part, and not all of it."""
    for block in ("192.168.0.0/16", "10.0.0.0/8", "0.0.0.0/0", "2001:db8::/32"):
        with refused(f"""
            shop/web
              excluding="{block}" is no part of 10.0.0.0/8, 172.16.0.0/12
              accepted: blocks smaller than one of cidrs, and inside of it
              fix:      leave it out: it is not reached anyway
        """):
            web.connect_to_outside(
                "api", cidrs=["10.0.0.0/8", "172.16.0.0/12"], excluding=[block], ports=[443], reason="asks it"
            )


def test_outside_rejects_nothing_in_particular(web: WebApp) -> None:
    """Kubernetes takes an empty list for all of them."""
    with refused("""
        shop/web
          cidrs=[] would open all of them
          accepted: at least one
          fix:      cidrs=["10.0.0.0/8"]
          ports=[] would open all of them
          accepted: at least one
          fix:      ports=[443]
    """):
        web.connect_to_outside("all", cidrs=[], ports=[], reason="?")
    with refused("""
        shop/web
          cidrs=[] would open all of them
          accepted: at least one
          fix:      cidrs=["10.0.0.0/8"]
          ports=[] would open all of them
          accepted: at least one
          fix:      ports=["http"]
    """):
        web.allow_from_outside("all", cidrs=[], ports=[], reason="?")


def test_rejects_a_connection_to_what_listens_on_nothing(web: WebApp) -> None:
    worker = Pods(name="worker", namespace="shop", labels={"app": "worker"})
    with refused("""
        shop/web
          connect_to="worker" listens on nothing
          accepted: a workload that declares a port
          fix:      Pods(..., "worker", ports={"http": 8080}), or connect to the workload that serves it
    """):
        web.connect_to(worker)


def test_rejects_a_port_that_is_not_declared(web: WebApp) -> None:
    api = Pods(name="api", namespace="shop", labels={"app": "api"}, ports={"http": 9000, "metrics": 9100})
    with refused("""
        shop/web
          port="metric" is not a port of api
          accepted: "metrics", "http"
          fix:      port="metrics"
    """):
        web.connect_to(api, port="metric")


def test_a_refused_connection_opens_nothing(chart: ServiceChart, web: WebApp, render: Render) -> None:
    api = Pods(name="api", namespace="shop", labels={"app": "api"}, ports={"http": 9000}, scope=chart)
    with pytest.raises(ValueError, match="is not a port of api"):
        web.connect_to(api, port="metric")

    assert not policies(render())


def test_connect_to_outside_rejects_all_at_once(web: WebApp) -> None:
    with refused("""
        shop/web
          name="Mail Server" is not a name that Kubernetes accepts
          accepted: at most 63 of a-z, 0-9 and -, first a letter, last a letter or digit (DNS label, RFC 1035)
          fix:      name="mail-server"
          cidrs="10.1.2.3/8" is not a network
          accepted: a CIDR block such as "10.0.0.0/8"; a single address is "10.1.2.3/32"
          fix:      "10.0.0.0/8"
          ports=0 is not a port
          accepted: a whole number from 1 to 65535
          fix:      ports=8080
    """):
        web.connect_to_outside("Mail Server", cidrs=["10.1.2.3/8"], ports=[0], reason="sends mail")


def test_allow_from_outside_rejects_all_at_once(api: WebApp) -> None:
    with refused("""
        shop/api
          name="Office" is not a name that Kubernetes accepts
          accepted: at most 63 of a-z, 0-9 and -, first a letter, last a letter or digit (DNS label, RFC 1035)
          fix:      name="office"
          cidrs="everywhere" is not a network
          accepted: a CIDR block such as "10.0.0.0/8"; a single address is "10.1.2.3/32"
          fix:      "10.0.0.0/8"
          ports="https" is not a port of api
          accepted: "http", "metrics"
          fix:      ports=["http"]
    """):
        api.allow_from_outside("Office", cidrs=["everywhere"], ports=["https"], reason="for people")


def test_siblings_can_be_left_out(chart: ServiceChart, render: Render) -> None:
    web = WebApp(chart, "web", image="shop:1", port=8080)
    push = WebApp(chart, "push", image="push:1", port=9000)
    web.connect_to(push, siblings=False)

    manifests = render()
    only_web = {"app.kubernetes.io/name": "web", "app.kubernetes.io/instance": "web"}
    assert manifests["NetworkPolicy/web-to-push"]["spec"]["podSelector"]["matchLabels"] == only_web
    (way,) = manifests["NetworkPolicy/push-from-web"]["spec"]["ingress"]
    assert way["from"] == [{"podSelector": {"matchLabels": only_web}}]
