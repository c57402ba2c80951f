"""What pods mount: the names of their volumes, and who may have one."""

from collections.abc import Callable
from typing import TypeAlias

import pytest

from tests.conftest import Manifest, Render
from tests.refused import refused
from vkm_constructs import (
    App,
    ConfigFiles,
    ExistingNamespace,
    ExternalSecretRef,
    LonghornVolume,
    Migration,
    Mount,
    RedisCache,
    SecretStore,
    Security,
    ServiceChart,
    WebApp,
)

STORE = SecretStore(name="vault")
At: TypeAlias = Callable[[ServiceChart, str, str], Mount]


def claim(chart: ServiceChart, name: str, path: str) -> Mount:
    return LonghornVolume(chart, name, size="1Gi").at(path)


def config(chart: ServiceChart, name: str, path: str) -> Mount:
    return ConfigFiles(chart, name, files={"a": "1"}).at(path)


def secret(chart: ServiceChart, name: str, path: str) -> Mount:
    return ExternalSecretRef(chart, name, store=STORE, keys={"a": "item/a"}).at(path)


def volumes(manifests: dict[str, Manifest], name: str = "web") -> list[str]:
    return [volume["name"] for volume in manifests[f"Deployment/{name}"]["spec"]["template"]["spec"]["volumes"]]


# Names


def test_a_volumes_name_tells_its_kind(chart: ServiceChart, render: Render) -> None:
    """A claim, a ConfigMap and a Secret may well have one name."""
    mounts = []
    for kind in (claim, config, secret):
        scope = ServiceChart(chart, kind.__name__, namespace=ExistingNamespace("shop"))
        mounts.append(kind(scope, "files", f"/{kind.__name__}"))
    WebApp(chart, "web", image="shop:1", port=8080, mounts=mounts)

    manifests = render()
    assert volumes(manifests) == ["claim-files", "config-files", "secret-files", "writable-tmp"]
    container = manifests["Deployment/web"]["spec"]["template"]["spec"]["containers"][0]
    assert [mount["name"] for mount in container["volumeMounts"]] == volumes(manifests)


@pytest.mark.parametrize(("make", "prefix"), [(claim, "claim-"), (config, "config-"), (secret, "secret-")])
def test_a_name_that_fits_stays_and_a_longer_one_is_cut(chart: ServiceChart, make: At, prefix: str) -> None:
    room = 63 - len(prefix)
    fits = make(chart, "x" * room, "/a").volume.name
    cut = [make(chart, "x" * room + end, "/a").volume.name for end in ("a", "b")]

    assert fits == prefix + "x" * room
    assert len(set(cut)) == 2, "a hash keeps apart what was cut"
    for name in cut:
        assert name.startswith(prefix + "xxx")
        assert len(name) <= 63


def test_a_cut_name_is_a_name(chart: ServiceChart) -> None:
    """What is cut at a hyphen would leave two, or one at the end."""
    name = config(chart, f"{'x' * 46}--{'x' * 12}", "/a").volume.name

    assert name.rpartition("-")[0] == f"config-{'x' * 46}"


@pytest.mark.parametrize(
    ("path", "name"), [("/tmp", "writable-tmp"), ("/var/cache/app1", "writable-var-cache-app1"), ("/0", "writable-0")]
)
def test_a_writable_paths_name_tells_the_path(chart: ServiceChart, render: Render, path: str, name: str) -> None:
    WebApp(chart, "web", image="shop:1", port=8080, security=Security(writable={path: "1Mi"}))

    assert volumes(render()) == [name]


def test_a_changed_path_has_a_hash(chart: ServiceChart, render: Render) -> None:
    paths = ["/a/b", "/a-b", "/a_b", "/A/b", "/a.b"]
    WebApp(chart, "web", image="shop:1", port=8080, security=Security(writable=dict.fromkeys(paths, "1Mi")))

    plain, *hashed = volumes(render())
    assert plain == "writable-a-b"
    assert len(set(hashed)) == 4
    for name in hashed:
        front, _, end = name.rpartition("-")
        assert (front, len(end)) == ("writable-a-b", 8)


# Who may have a ReadWriteOnce volume

TAKEN = """
    shop/two
      mounts="/data" mounts disk (ReadWriteOnce), which one has
      accepted: a volume of its own, or one with access_mode="ReadWriteMany"
      fix:      make a LonghornVolume for each
"""


@pytest.fixture
def disk(chart: ServiceChart) -> LonghornVolume:
    return LonghornVolume(chart, "disk", size="1Gi")


def test_a_read_write_once_volume_is_one_workloads(chart: ServiceChart, disk: LonghornVolume) -> None:
    WebApp(chart, "one", image="shop:1", port=8080, mounts=[disk.at("/anywhere")])
    with refused(TAKEN):
        RedisCache(chart, "two", image="redis:7", data=disk)


def test_whichever_is_made_first(chart: ServiceChart, disk: LonghornVolume) -> None:
    RedisCache(chart, "one", image="redis:7", data=disk)
    with refused(TAKEN):
        WebApp(chart, "two", image="shop:1", port=8080, mounts=[disk.at("/data", sub_path="other")])


def test_that_one_may_mount_it_twice(chart: ServiceChart, render: Render, disk: LonghornVolume) -> None:
    mounts = [disk.at("/a", sub_path="a"), disk.at("/b", sub_path="b")]
    WebApp(chart, "web", image="shop:1", port=8080, mounts=mounts)

    assert volumes(render()) == ["claim-disk", "writable-tmp"]


def test_a_read_write_many_volume_is_everybodys(chart: ServiceChart, render: Render) -> None:
    shared = LonghornVolume(chart, "shared", size="1Gi", access_mode="ReadWriteMany")
    for name in ("one", "two"):
        WebApp(chart, name, image="shop:1", port=8080, replicas=2, mounts=[shared.at("/data")])

    manifests = render()
    assert volumes(manifests, "one") == volumes(manifests, "two") == ["claim-shared", "writable-tmp"]


def test_a_refused_workload_does_not_have_it(chart: ServiceChart, render: Render, disk: LonghornVolume) -> None:
    with pytest.raises(ValueError, match="is not a port"):
        WebApp(chart, "one", image="shop:1", port=0, mounts=[disk.at("/data")])
    WebApp(chart, "two", image="shop:1", port=8080, mounts=[disk.at("/data")])

    assert "Deployment/two" in render()


def test_a_migration_leaves_it_to_the_application(chart: ServiceChart, render: Render, disk: LonghornVolume) -> None:
    web = WebApp(chart, "web", image="shop:1", port=8080, mounts=[disk.at("/data")])
    Migration(chart, "migrate", app=web, command=["migrate"])

    (job,) = (manifest for manifest in render().values() if manifest["kind"] == "Job")
    assert [volume["name"] for volume in job["spec"]["template"]["spec"]["volumes"]] == ["writable-tmp"]


def test_volumes_of_one_name_in_two_namespaces_are_two(app: App, render: Render) -> None:
    for name in ("docs", "wiki"):
        chart = ServiceChart(app, name, namespace=ExistingNamespace(name))
        disk = LonghornVolume(chart, "disk", size="1Gi")
        WebApp(chart, "web", image="shop:1", port=8080, mounts=[disk.at("/data")])

    assert {"docs/PersistentVolumeClaim/disk", "wiki/PersistentVolumeClaim/disk"} <= render().keys()


@pytest.mark.parametrize(("make", "kind"), [(claim, "volume"), (config, "files"), (secret, "secret")])
def test_rejects_what_is_not_at_a_path(chart: ServiceChart, make: At, kind: str) -> None:
    mount = make(chart, kind, "data")
    with refused("""
        shop/web
          mounts="data" is not a path that can be mounted
          accepted: an absolute path below /, without . and .. and :, single slashes, none at its end
          fix:      "/data"
    """):
        WebApp(chart, "web", image="shop:1", port=8080, mounts=[mount])
