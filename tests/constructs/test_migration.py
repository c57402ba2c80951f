import re

import pytest

from tests.conftest import Manifest, Render
from tests.refused import refused
from vkm_constructs import (
    App,
    ConfigFiles,
    ExistingNamespace,
    LonghornVolume,
    Migration,
    SecretKey,
    ServiceChart,
    WebApp,
)


def job_of(manifests: dict[str, Manifest]) -> Manifest:
    (job,) = (manifest for manifest in manifests.values() if manifest["kind"] == "Job")
    return job


def test_manifests(chart: ServiceChart, render: Render) -> None:
    web = WebApp(chart, "web", image="shop:v2.1.0", port=8080)
    migration = Migration(chart, "migrate", app=web, command=["manage", "migrate"])

    manifests = render()
    assert manifests.keys() - {"Deployment/web", "Service/web", "ServiceAccount/web"} == {
        f"Job/{migration.job.name}",
        "ServiceAccount/migrate",
    }
    assert re.fullmatch(r"migrate-v2-1-0-[0-9a-f]{8}", migration.job.name)
    spec = job_of(manifests)["spec"]
    template = spec.pop("template")
    assert spec == {"backoffLimit": 15}
    assert (template["spec"]["restartPolicy"], template["spec"]["serviceAccountName"]) == ("OnFailure", "migrate")
    for manifest in (job_of(manifests), manifests["ServiceAccount/migrate"]):
        assert manifest["metadata"]["labels"]["app.kubernetes.io/component"] == "migration"
        assert manifest["metadata"]["labels"]["app.kubernetes.io/instance"] == "migrate"


def test_runs_as_the_application_does(chart: ServiceChart, render: Render) -> None:
    web = WebApp(chart, "web", image="shop:v2", port=8080, env={"MODE": "production"})
    Migration(chart, "migrate", app=web, command=["manage", "migrate"])

    manifests = render()
    app = manifests["Deployment/web"]["spec"]["template"]["spec"]
    job = job_of(manifests)["spec"]["template"]["spec"]
    shared = ("image", "imagePullPolicy", "env", "volumeMounts", "resources", "securityContext")
    assert job["containers"] == [
        {"name": "migrate", "command": ["manage", "migrate"], **{key: app["containers"][0][key] for key in shared}}
    ]
    assert job["securityContext"] == app["securityContext"]
    assert job["volumes"] == app["volumes"]


def test_mounts_what_the_application_mounts_but_the_volume_that_one_pod_has(
    chart: ServiceChart, render: Render
) -> None:
    data = LonghornVolume(chart, "data", size="1Gi")
    uploads = LonghornVolume(chart, "uploads", size="1Gi", access_mode="ReadWriteMany")
    files = ConfigFiles(chart, "files", files={"settings": "a"})
    mounts = [data.at("/data"), uploads.at("/uploads"), files.at("/etc/shop")]
    web = WebApp(chart, "web", image="shop:v2", port=8080, mounts=mounts)
    Migration(chart, "migrate", app=web, command=["manage", "migrate"])

    job = job_of(render())["spec"]["template"]["spec"]
    assert [mount["mountPath"] for mount in job["containers"][0]["volumeMounts"]] == ["/uploads", "/etc/shop", "/tmp"]
    assert [volume["name"] for volume in job["volumes"]] == ["claim-uploads", "config-files", "writable-tmp"]


def test_env_is_added_to_the_applications(chart: ServiceChart, render: Render) -> None:
    web = WebApp(chart, "web", image="shop:v2", port=8080, env={"MODE": "production"})
    Migration(chart, "migrate", app=web, command=["manage", "migrate"], env={"STEPS": 3})

    (container,) = job_of(render())["spec"]["template"]["spec"]["containers"]
    assert container["env"] == [{"name": "MODE", "value": "production"}, {"name": "STEPS", "value": "3"}]


def test_without_leaves_variables_out(chart: ServiceChart, render: Render) -> None:
    web = WebApp(chart, "web", image="shop:v2", port=8080, env={"MODE": "production", "LEVEL": "info"})
    Migration(chart, "migrate", app=web, command=["x"], env={"MODE": "migration"}, without=["MODE", "LEVEL"])

    (container,) = job_of(render())["spec"]["template"]["spec"]["containers"]
    assert container["env"] == [{"name": "MODE", "value": "migration"}]


def test_shares_the_applications_connections(chart: ServiceChart, render: Render) -> None:
    """The policies of `web` select the Job's pods too: no connection is said twice."""
    web = WebApp(chart, "web", image="shop:v2", port=8080)
    web.connect_to(WebApp(chart, "api", image="api:1", port=9000))
    Migration(chart, "migrate", app=web, command=["manage", "migrate"])

    manifests = render()
    assert not [key for key in manifests if key.startswith("NetworkPolicy/") and "migrate" in key]
    labels = job_of(manifests)["spec"]["template"]["metadata"]["labels"].items()
    egress = manifests["NetworkPolicy/web-to-api"]["spec"]
    ingress = manifests["NetworkPolicy/api-from-web"]["spec"]["ingress"][0]
    assert egress["podSelector"]["matchLabels"].items() <= labels
    assert ingress["from"][0]["podSelector"]["matchLabels"].items() <= labels


def test_is_not_reached_as_the_application_is(chart: ServiceChart, render: Render) -> None:
    """Neither the Service nor a policy that lets others in takes the Job's pods for the application's."""
    web = WebApp(chart, "web", image="shop:v2", port=8080)
    WebApp(chart, "api", image="api:1", port=9000).connect_to(web)
    Migration(chart, "migrate", app=web, command=["manage", "migrate"])

    manifests = render()
    labels = job_of(manifests)["spec"]["template"]["metadata"]["labels"].items()
    for selector in (
        manifests["Service/web"]["spec"]["selector"],
        manifests["Deployment/web"]["spec"]["selector"]["matchLabels"],
        manifests["NetworkPolicy/web-from-api"]["spec"]["podSelector"]["matchLabels"],
    ):
        assert not selector.items() <= labels


@pytest.mark.parametrize(
    ("image", "name"),
    [
        ("shop:1.2_rc.1", "migrate-1-2-rc-1"),
        ("shop:V3", "migrate-v3"),
        (f"shop@sha256:{'0123456789abcdef' * 4}", "migrate-0123456789ab"),
    ],
)
def test_name_carries_the_version(chart: ServiceChart, image: str, name: str) -> None:
    web = WebApp(chart, "web", image=image, port=8080)
    migration = Migration(chart, "migrate", app=web, command=["manage", "migrate"])

    assert migration.job.name[:-9] == name


def test_each_change_is_a_new_job(app: App, chart: ServiceChart) -> None:
    """Jobs are immutable: another content under the same name would be refused by the cluster."""
    web = WebApp(chart, "web", image="shop:v2", port=8080)
    names = []
    for number, command in enumerate(["one", "one", "two"]):
        scope = ServiceChart(app, f"jobs-{number}", namespace=ExistingNamespace("shop"))
        names.append(Migration(scope, "migrate", app=web, command=[command]).job.name)

    assert names[0] == names[1] != names[2]


@pytest.mark.parametrize(("image", "version", "room"), [("shop:2024.10.1", "-2024-10-1", 44), ("shop:v2", "-v2", 51)])
def test_rejects_an_id_without_room_for_the_version(chart: ServiceChart, image: str, version: str, room: int) -> None:
    web = WebApp(chart, "web", image=image, port=8080)
    long = "m" * (room + 1)
    with refused(f"""
        shop/{long}
          id="{long}" is too long for the name of a Job, with the version ({version}) and a hash behind it
          accepted: at most {room} characters
          fix:      id="{"m" * room}"
    """):
        Migration(chart, long, app=web, command=["x"])
    assert len(Migration(chart, "m" * room, app=web, command=["x"]).job.name) == 63


def test_rejects_an_id_that_is_too_long_for_any_version(chart: ServiceChart) -> None:
    web = WebApp(chart, "web", image="shop:v2", port=8080)
    with refused(f"""
        shop/{"m" * 64}
          id="{"m" * 64}" has 64 characters
          accepted: at most 63 of a-z, 0-9 and -, first a letter, last a letter or digit (DNS label, RFC 1035)
          fix:      id="{"m" * 63}"
    """):
        Migration(chart, "m" * 64, app=web, command=["x"])


def test_the_digest_makes_another_job(chart: ServiceChart) -> None:
    jobs = []
    for digit in "ab":
        web = WebApp(chart, f"web-{digit}", image=f"shop:1@sha256:{digit * 64}", port=8080)
        jobs.append(Migration(chart, f"migrate-{digit}", app=web, command=["x"]).job.name)

    assert jobs[0].removeprefix("migrate-a") != jobs[1].removeprefix("migrate-b")


def test_rejects_no_command(chart: ServiceChart) -> None:
    web = WebApp(chart, "web", image="shop:v2", port=8080)
    with refused("""
        shop/migrate
          command=[] runs nothing
          accepted: a list of texts: the program, then each argument
          fix:      command=["rake", "db:migrate"]
    """):
        Migration(chart, "migrate", app=web, command=[])


def test_rejects_a_variable_given_twice(chart: ServiceChart) -> None:
    web = WebApp(chart, "web", image="shop:v2", port=8080, env={"MODE": "production"})
    with refused("""
        shop/migrate
          env["MODE"]="migration" is given a second time
          accepted: each variable once
          fix:      leave it out here, or where it was given first
    """):
        Migration(chart, "migrate", app=web, command=["manage", "migrate"], env={"MODE": "migration"})


def test_rejects_leaving_out_what_is_not_there(chart: ServiceChart) -> None:
    web = WebApp(chart, "web", image="shop:v2", port=8080, env={"MODE": "production", "LEVEL": "info"})
    with refused("""
        shop/migrate
          without="LEVLE" is not a variable of web
          accepted: "LEVEL", "MODE"
          fix:      without=["LEVEL"]
    """):
        Migration(chart, "migrate", app=web, command=["manage", "migrate"], without=["LEVLE"])


def test_rejects_a_secret_of_another_namespace(chart: ServiceChart) -> None:
    web = WebApp(chart, "web", image="shop:v2", port=8080)
    with refused("""
        shop/migrate
          env["KEY"]="creds" is a Secret of namespace wiki; a pod reads those of its own only
          accepted: a Secret in namespace shop
          fix:      make an ExternalSecretRef in namespace shop
    """):
        Migration(chart, "migrate", app=web, command=["x"], env={"KEY": SecretKey("creds", "key", "wiki")})


def test_rejects_another_namespace(app: App, chart: ServiceChart) -> None:
    elsewhere = ServiceChart(app, "jobs", namespace=ExistingNamespace("jobs"))
    web = WebApp(chart, "web", image="shop:v2", port=8080)
    with refused("""
        jobs/migrate
          app="web" lives in namespace shop; its Secrets and volumes cannot be had elsewhere
          accepted: a WebApp in namespace jobs
          fix:      make this in the chart of web
    """):
        Migration(elsewhere, "migrate", app=web, command=["manage", "migrate"])
