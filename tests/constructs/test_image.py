import pytest

from tests.conftest import Render
from tests.refused import refused
from vkm_constructs import ServiceChart, WebApp
from vkm_constructs.errors import Checks
from vkm_constructs.image import check_image

DIGEST = f"sha256:{'0123456789abcdef' * 4}"
ACCEPTED = '"repository:tag", "repository@sha256:<64 hex digits>" or "repository:tag@sha256:…"; not latest'


@pytest.mark.parametrize(
    "image",
    [
        "nginx:1.27",
        "library/nginx:1.27-alpine",
        "ghcr.io/org/some_app:v1",
        "registry.example.com:5000/a/b-c.d:2024.10.1",
        "localhost:5000/a__b/c--d:1",
        f"nginx@{DIGEST}",
        f"nginx:1.27@{DIGEST}",
        f"nginx:latest@{DIGEST}",
    ],
)
def test_accepts(chart: ServiceChart, image: str) -> None:
    check = Checks(chart)
    assert check_image(check, "image", image).reference == image
    check.done()


def test_stands_in_the_manifest_as_given(chart: ServiceChart, render: Render) -> None:
    WebApp(chart, "web", image=f"nginx:1.27@{DIGEST}", port=8080)

    manifest = render()["Deployment/web"]
    assert manifest["spec"]["template"]["spec"]["containers"][0]["image"] == f"nginx:1.27@{DIGEST}"
    assert manifest["metadata"]["labels"]["app.kubernetes.io/version"] == "1.27"


@pytest.mark.parametrize(
    ("image", "why", "repository"),
    [
        ("nginx", "has neither tag nor digest, which means latest", "nginx"),
        ("registry.example.com:5000/nginx", "has neither tag nor digest, which means latest", None),
        ("nginx:", "ends where its tag or digest should be", "nginx"),
        ("nginx@", "ends where its tag or digest should be", "nginx"),
        ("nginx:1.27@", "ends where its tag or digest should be", "nginx"),
        ("", "has neither tag nor digest, which means latest", "repository"),
        ("nginx:latest", "is whatever was pushed last", "nginx"),
        ("a//b:1", "has no repository name that a registry accepts", "repository"),
        ("a/-b:1", "has no repository name that a registry accepts", "repository"),
        ("a/b-:1", "has no repository name that a registry accepts", "repository"),
        ("Nginx:1.27", "has no repository name that a registry accepts", "repository"),
        (":1.27", "has no repository name that a registry accepts", "repository"),
        ("nginx:1.27 ", "has a tag that a registry does not accept", "nginx"),
        ("nginx:-1", "has a tag that a registry does not accept", "nginx"),
        ("nginx@sha256:abc", "has a digest that is not sha256: and 64 hexadecimal digits", "nginx"),
        ("nginx@md5:abc", "has a digest that is not sha256: and 64 hexadecimal digits", "nginx"),
    ],
)
def test_rejects(chart: ServiceChart, image: str, why: str, repository: str | None) -> None:
    with refused(f"""
        shop/web
          image="{image}" {why}
          accepted: {ACCEPTED}
          fix:      image="{repository or image}:<version>"
    """):
        WebApp(chart, "web", image=image, port=8080)


@pytest.mark.parametrize(
    ("image", "version"),
    [
        ("nginx:1.27-alpine", "1.27-alpine"),
        (f"nginx:1.27@{DIGEST}", "1.27"),
        (f"nginx@{DIGEST}", None),
        ("nginx:_hidden", None),
        (f"nginx:{'1' * 64}", None),
    ],
)
def test_the_version_is_the_tag_where_that_can_be_a_label(chart: ServiceChart, image: str, version: str | None) -> None:
    assert check_image(Checks(chart), "image", image).version == version
