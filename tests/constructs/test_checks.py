"""What all names, sizes and paths have in common, seen through the constructs that take them."""

import pytest

from tests.conftest import Render
from tests.refused import refused
from vkm_constructs import LonghornVolume, ServiceChart, WebApp

NAME = "first a letter, last a letter or digit (DNS label, RFC 1035)"


@pytest.mark.parametrize("name", ["a", "a-b", "a1", "x" * 63])
def test_accepts_name(chart: ServiceChart, render: Render, name: str) -> None:
    LonghornVolume(chart, name, size="1Gi")

    assert render().keys() == {f"PersistentVolumeClaim/{name}"}


@pytest.mark.parametrize(
    ("name", "fix"),
    [
        ("Data", "data"),
        ("my_data", "my-data"),
        ("-data", "data"),
        ("data-", "data"),
        ("my.data", "my-data"),
        ("my data", "my-data"),
        ("dätä", "d-t"),
        ("ä", "app"),
        ("data\n", "data"),
        ("1data", "data"),
        ("1", "app"),
    ],
)
def test_rejects_characters_in_a_name(chart: ServiceChart, name: str, fix: str) -> None:
    shown = name.replace("\n", "\\n")
    with pytest.raises(ValueError, match="is not a name that Kubernetes accepts") as caught:
        LonghornVolume(chart, name, size="1Gi")
    assert f'  id="{shown}" is not a name' in str(caught.value)
    assert str(caught.value).endswith(f'  fix:      id="{fix}"')


def test_rejects_a_long_name(chart: ServiceChart) -> None:
    long = "x" * 62 + "-y"
    with refused(f"""
        shop/{long}
          id="{long}" has 64 characters
          accepted: at most 63 of a-z, 0-9 and -, {NAME}
          fix:      id="{"x" * 62}"
    """):
        LonghornVolume(chart, long, size="1Gi")


@pytest.mark.parametrize("size", ["1Ki", "1Mi", "10Gi", "999Ti"])
def test_accepts_size(chart: ServiceChart, render: Render, size: str) -> None:
    LonghornVolume(chart, "data", size=size)

    assert render()["PersistentVolumeClaim/data"]["spec"]["resources"]["requests"]["storage"] == size


@pytest.mark.parametrize(
    ("size", "fix"),
    [
        ("10GB", "10Gi"),
        ("20G", "20Gi"),
        ("20 GiB", "20Gi"),
        ("512MB", "512Mi"),
        ("0Gi", "10Gi"),
        ("-1Gi", "10Gi"),
        ("01Gi", "10Gi"),
        ("1.5Gi", "10Gi"),
        ("10", "10Gi"),
        ("", "10Gi"),
        ("1e3", "10Gi"),
        ("10Gi\n", "10Gi"),
    ],
)
def test_rejects_size(chart: ServiceChart, size: str, fix: str) -> None:
    with pytest.raises(ValueError, match="is not a size") as caught:
        LonghornVolume(chart, "data", size=size)
    assert str(caught.value).endswith(
        f'  accepted: a whole number above 0 of Ki, Mi, Gi or Ti, such as "10Gi"\n  fix:      size="{fix}"'
    )


def test_accepts_path(chart: ServiceChart, render: Render) -> None:
    paths = ["/data", "/var/lib/a-b_c.d", "/.hidden"]
    data = LonghornVolume(chart, "data", size="1Gi")
    WebApp(chart, "web", image="shop:1", port=8080, mounts=[data.at(path) for path in paths])

    container = render()["Deployment/web"]["spec"]["template"]["spec"]["containers"][0]
    assert [mount["mountPath"] for mount in container["volumeMounts"]] == [*paths, "/tmp"]


@pytest.mark.parametrize(
    ("path", "fix"),
    [
        ("data", "/data"),
        ("/data/", "/data"),
        ("//data", "/data"),
        ("/a/./b", "/a/b"),
        ("/a/../b", "/a/b"),
        ("/a//b", "/a/b"),
        ("/a:b", "/a-b"),
        ("/", "/tmp"),
        ("", "/tmp"),
    ],
)
def test_rejects_path(chart: ServiceChart, path: str, fix: str) -> None:
    data = LonghornVolume(chart, "data", size="1Gi")
    with refused(f"""
        shop/web
          mounts="{path}" is not a path that can be mounted
          accepted: an absolute path below /, without . and .. and :, single slashes, none at its end
          fix:      "{fix}"
    """):
        WebApp(chart, "web", image="shop:1", port=8080, mounts=[data.at(path)])
