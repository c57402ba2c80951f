from pathlib import Path

import pytest

from tests.conftest import IN_SHOP, Render
from tests.refused import refused
from vkm_constructs import ConfigFiles, ServiceChart, WebApp


def test_manifests(chart: ServiceChart, render: Render) -> None:
    files = ConfigFiles(chart, "files", files={"a.ini": "x = 1\n"})

    manifests = render()
    assert manifests.keys() == {"ConfigMap/files"}
    assert manifests["ConfigMap/files"]["metadata"] == {
        "name": "files",
        "namespace": "shop",
        "annotations": IN_SHOP,
        "labels": {"app.kubernetes.io/part-of": "shop", "app.kubernetes.io/managed-by": "cdk8s"},
    }
    assert manifests["ConfigMap/files"]["data"] == {"a.ini": "x = 1\n"}
    assert files.config_map.name == "files"


def test_reads_files(chart: ServiceChart, render: Render, tmp_path: Path) -> None:
    script = tmp_path / "run.sh"
    script.write_text("#!/bin/sh\necho grüße\n", encoding="utf-8")
    ConfigFiles(chart, "files", files={"start.sh": script, "empty": ""})

    assert render()["ConfigMap/files"]["data"] == {"start.sh": "#!/bin/sh\necho grüße\n", "empty": ""}


def test_at_mounts_the_directory(chart: ServiceChart, render: Render) -> None:
    files = ConfigFiles(chart, "files", files={"a": "1", "b": "2"})
    WebApp(chart, "web", image="shop:1", port=8080, mounts=[files.at("/etc/shop")])

    pod = render()["Deployment/web"]["spec"]["template"]["spec"]
    assert pod["volumes"][0] == {"name": "config-files", "configMap": {"name": "files", "defaultMode": 0o555}}
    assert pod["containers"][0]["volumeMounts"][0] == {
        "name": "config-files",
        "mountPath": "/etc/shop",
        "readOnly": True,
    }


def test_at_mounts_one_file(chart: ServiceChart, render: Render) -> None:
    files = ConfigFiles(chart, "files", files={"a": "1", "b": "2"})
    WebApp(chart, "web", image="shop:1", port=8080, mounts=[files.at("/etc/shop/a.conf", file="a")])

    assert render()["Deployment/web"]["spec"]["template"]["spec"]["containers"][0]["volumeMounts"][0] == {
        "name": "config-files",
        "mountPath": "/etc/shop/a.conf",
        "subPath": "a",
        "readOnly": True,
    }


def test_pods_do_not_roll_for_a_file_that_they_do_not_mount(chart: ServiceChart, render: Render) -> None:
    one = ConfigFiles(chart, "one", files={"a": "same", "b": "1"})
    two = ConfigFiles(chart, "two", files={"a": "same", "b": "2"})
    for name, files in {"web-one": one, "web-two": two}.items():
        WebApp(chart, name, image="shop:1", port=8080, mounts=[files.at("/etc/a", file="a")])

    manifests = render()
    hashes = {
        manifests[f"Deployment/{name}"]["spec"]["template"]["metadata"]["annotations"]["checksum/config"]
        for name in ("web-one", "web-two")
    }
    assert len(hashes) == 1


def test_pods_do_not_roll_for_what_their_software_reloads(chart: ServiceChart, render: Render) -> None:
    files = ConfigFiles(chart, "files", files={"a": "1"})
    WebApp(chart, "web", image="shop:1", port=8080, mounts=[files.at("/etc/shop", reloads=True)])

    assert "annotations" not in render()["Deployment/web"]["spec"]["template"]["metadata"]


def test_rejects_a_file_that_is_not_there(chart: ServiceChart) -> None:
    files = ConfigFiles(chart, "files", files={"php.ini": "", "start.sh": ""})
    with refused("""
        shop/files
          file="stat.sh" is not one of the files
          accepted: "start.sh", "php.ini"
          fix:      file="start.sh"
    """):
        files.at("/start.sh", file="stat.sh")


def test_rejects_a_file_that_cannot_be_read(chart: ServiceChart, tmp_path: Path) -> None:
    missing = tmp_path / "missing.ini"
    with refused(f"""
        shop/files
          files["a.ini"]="{missing}" cannot be read ([Errno 2] No such file or directory: '{missing}')
          accepted: a file in UTF-8
          fix:      Path(__file__).parent / ...
    """):
        ConfigFiles(chart, "files", files={"a.ini": missing})


def test_rejects_a_file_that_is_no_text(chart: ServiceChart, tmp_path: Path) -> None:
    binary = tmp_path / "logo.png"
    binary.write_bytes(b"\x89PNG")
    with pytest.raises(ValueError, match=r'files\["logo"\]=.* cannot be read \(.*utf-8'):
        ConfigFiles(chart, "files", files={"logo": binary})


def test_rejects_more_than_a_config_map_holds(chart: ServiceChart, render: Render) -> None:
    half = 512 * 1024
    ConfigFiles(chart, "full", files={"a": "x" * half, "b": "x" * half})
    with refused("""
        shop/files
          files="1048578 bytes" is too much
          accepted: 1 MiB together
          fix:      split it into two ConfigFiles
    """):
        ConfigFiles(chart, "files", files={"a": "x" * half, "b": "x" * half + "ü"})


@pytest.mark.parametrize(
    ("name", "fix"),
    [
        ("conf/a.ini", "conf-a.ini"),
        ("größe", "gr--e"),
        ("", "config"),
        (".", "config"),
        ("..", "config"),
        ("..data", "data"),
        ("a" * 254, "a" * 254),
    ],
)
def test_rejects_name(chart: ServiceChart, name: str, fix: str) -> None:
    """Kubernetes keeps names that begin with two dots for itself."""
    with refused(f"""
        shop/files
          files="{name}" is not a file name that a ConfigMap can hold
          accepted: letters, digits, -, _ and .
          fix:      "{fix}"
    """):
        ConfigFiles(chart, "files", files={name: ""})


@pytest.mark.parametrize("name", ["a", "A.b-c_9", ".env", "a..b", "-", "f" * 253])
def test_accepts_name(chart: ServiceChart, render: Render, name: str) -> None:
    ConfigFiles(chart, "files", files={name: ""})

    assert render()["ConfigMap/files"]["data"] == {name: ""}


def test_rejects_no_files(chart: ServiceChart) -> None:
    with refused("""
        shop/files
          files={} holds nothing
          accepted: at least one file
          fix:      files={"app.ini": "..."}
    """):
        ConfigFiles(chart, "files", files={})


def test_rejects_all_at_once(chart: ServiceChart, tmp_path: Path) -> None:
    missing = tmp_path / "missing"
    with refused(f"""
        shop/My Files
          id="My Files" is not a name that Kubernetes accepts
          accepted: at most 63 of a-z, 0-9 and -, first a letter, last a letter or digit (DNS label, RFC 1035)
          fix:      id="my-files"
          files["missing"]="{missing}" cannot be read ([Errno 2] No such file or directory: '{missing}')
          accepted: a file in UTF-8
          fix:      Path(__file__).parent / ...
          files="conf/a.ini" is not a file name that a ConfigMap can hold
          accepted: letters, digits, -, _ and .
          fix:      "conf-a.ini"
    """):
        ConfigFiles(chart, "My Files", files={"missing": missing, "conf/a.ini": ""})
