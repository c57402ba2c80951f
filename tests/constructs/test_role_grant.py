import pytest
from cdk8s_plus_27 import k8s

from tests.conftest import Manifest, Render
from tests.refused import refused
from vkm_constructs import App, ExistingNamespace, RoleGrant, Security, ServiceChart, SynthError, WebApp

READ_PODS = k8s.PolicyRule(api_groups=[""], resources=["pods"], verbs=["get", "list", "watch"])


@pytest.fixture
def web(chart: ServiceChart) -> WebApp:
    return WebApp(chart, "web", image="shop:1", port=8080, security=Security(api_token=True))


def test_manifests(chart: ServiceChart, render: Render, web: WebApp) -> None:
    before = render()
    RoleGrant(chart, "grant", to=web, namespace="shop", rules=[READ_PODS])

    manifests = render()
    assert manifests.keys() - before.keys() == {"Role/web", "RoleBinding/web"}
    assert {key: manifests[key] for key in before} == before
    assert manifests["Role/web"]["rules"] == [
        {"apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list", "watch"]}
    ]
    assert manifests["RoleBinding/web"]["roleRef"] == {
        "apiGroup": "rbac.authorization.k8s.io",
        "kind": "Role",
        "name": "web",
    }
    assert manifests["RoleBinding/web"]["subjects"] == [{"kind": "ServiceAccount", "name": "web", "namespace": "shop"}]


def test_in_another_namespace(chart: ServiceChart, render: Render, web: WebApp) -> None:
    """Role and binding live where the rights are; the ServiceAccount stays where the workload is."""
    RoleGrant(chart, "grant", to=web, namespace="docs", rules=[READ_PODS])

    manifests = render()
    assert {"docs/Role/web", "docs/RoleBinding/web"} <= manifests.keys()
    (subject,) = manifests["docs/RoleBinding/web"]["subjects"]
    assert subject["namespace"] == "shop"
    assert "ClusterRole" not in str(manifests)


def test_several_namespaces(chart: ServiceChart, render: Render, web: WebApp) -> None:
    before = render().keys()
    for namespace in ("docs", "wiki"):
        RoleGrant(chart, f"grant-{namespace}", to=web, namespace=namespace, rules=[READ_PODS])

    assert render().keys() - before == {
        "docs/Role/web",
        "docs/RoleBinding/web",
        "wiki/Role/web",
        "wiki/RoleBinding/web",
    }


def test_everything(chart: ServiceChart, render: Render, web: WebApp) -> None:
    rules = [
        READ_PODS,
        k8s.PolicyRule(
            api_groups=["apps"], resources=["deployments/scale"], resource_names=["web"], verbs=["get", "patch"]
        ),
    ]
    RoleGrant(chart, "grant", to=web, namespace="shop", rules=rules)

    found = render()["Role/web"]["rules"]
    assert found[1] == {
        "apiGroups": ["apps"],
        "resources": ["deployments/scale"],
        "resourceNames": ["web"],
        "verbs": ["get", "patch"],
    }
    assert len(found) == 2


def test_two_of_one_namespace_are_found_at_synth(app: App, chart: ServiceChart, web: WebApp) -> None:
    for name in ("one", "two"):
        RoleGrant(chart, name, to=web, namespace="shop", rules=[READ_PODS])
    with pytest.raises(SynthError, match="makes shop/Role/web a second time: shop/one/role made it first"):
        app.manifests()


def labels_of(manifest: Manifest) -> dict[str, str]:
    found: dict[str, str] = manifest["metadata"]["labels"]
    return found


def test_is_labelled_as_part_of_its_chart(app: App, render: Render, web: WebApp) -> None:
    elsewhere = ServiceChart(app, "grants", namespace=ExistingNamespace("grants"))
    RoleGrant(elsewhere, "grant", to=web, namespace="shop", rules=[READ_PODS])

    assert labels_of(render()["Role/web"])["app.kubernetes.io/part-of"] == "grants"


@pytest.mark.parametrize(
    "rule",
    [
        k8s.PolicyRule(api_groups=[""], resources=["pods"], verbs=["*"]),
        k8s.PolicyRule(api_groups=[""], resources=["*"], verbs=["get"]),
        k8s.PolicyRule(api_groups=["*"], resources=["pods"], verbs=["get"]),
        k8s.PolicyRule(api_groups=[""], resources=["pods"], verbs=["get", "*"]),
    ],
    ids=["verbs", "resources", "groups", "among others"],
)
def test_rejects_a_wildcard(chart: ServiceChart, web: WebApp, rule: k8s.PolicyRule) -> None:
    with refused("""
        shop/grant
          rules="*" grants what nobody has thought of
          accepted: verbs, resources and API groups by name
          fix:      verbs=["get", "list", "watch"]
    """):
        RoleGrant(chart, "grant", to=web, namespace="shop", rules=[READ_PODS, rule])


def test_rejects_all_at_once(chart: ServiceChart) -> None:
    web = WebApp(chart, "web", image="shop:1", port=8080)
    with refused("""
        shop/grant
          to="web" has no token for the Kubernetes API
          accepted: a workload with Security(api_token=True)
          fix:      WebApp(..., "web", security=Security(api_token=True))
          rules="*" grants what nobody has thought of
          accepted: verbs, resources and API groups by name
          fix:      verbs=["get", "list", "watch"]
    """):
        RoleGrant(
            chart,
            "grant",
            to=web,
            namespace="shop",
            rules=[k8s.PolicyRule(api_groups=[""], resources=["pods"], verbs=["*"])],
        )


def test_a_refused_one_grants_nothing(chart: ServiceChart, render: Render) -> None:
    web = WebApp(chart, "web", image="shop:1", port=8080)
    with pytest.raises(ValueError, match="has no token"):
        RoleGrant(chart, "grant", to=web, namespace="shop", rules=[READ_PODS])

    assert "Role/web" not in render()
