"""The pictures of the environment, made from its snapshots: `python -m tests.diagrams`."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.conftest import ROOT
from vkm_manifests.diagram import Picture, as_mermaid, as_svg
from vkm_manifests.diagram.edges import EdgeKind
from vkm_manifests.graph import Graph
from vkm_manifests.reading import read

PAGE: Final = ROOT / "docs" / "diagrams.md"
FOLDER: Final = ROOT / "docs" / "diagrams"
MANIFESTS: Final = ROOT / "tests" / "__snapshots__" / "test_environment"

PICTURES: Final[dict[str, tuple[str, tuple[str, ...], tuple[EdgeKind, ...]]]] = {
    "environment": ("The whole environment", (), ()),
    "traefik": ("Traefik: how requests come in", ("traefik",), ()),
    "bookstack": ("BookStack", ("bookstack",), ()),
    "zammad": ("Zammad", ("zammad",), ()),
    "grafana": ("Grafana", ("grafana",), ()),
    "prometheus": ("Prometheus: whose metrics it reads", ("prometheus",), ("scrapes",)),
    "secrets": ("What BookStack gets from the platform", ("bookstack",), ("provides",)),
}
"""The pictures: name of the file to title, namespaces (an overview of all, if there are none) and what is shown beyond
the default."""

HEAD: Final = """# Diagrams

`vkm diagram` draws the architecture from manifests, offline and whoever made them:

```
vkm diagram dist/                                      # Mermaid: GitHub, GitLab and many editors draw it
vkm diagram dist/ --overview --output all.svg          # SVG: needs the extra `diagram` of the package
helm template web ./chart | vkm diagram - --format d2  # the text that d2 draws
vkm diagram dist/ --namespace bookstack --show platform
```

| option | what it does |
|---|---|
| `--format` | `mermaid` (the default), `svg` or `d2`; the ending of `--output` says it as well |
| `--output` | writes a file, replaced as a whole: `.svg`, `.d2`, `.mmd` or `.mermaid` |
| `--namespace` | only this namespace, what is beside it, and the whole way of requests to it; may be repeated |
| `--overview` | names and kinds, and which namespaces are joined: fits on a page |
| `--show scraping` | who reads whose metrics |
| `--show platform` | which store, issuer and class gives Secrets, certificates and volumes to whom |

What cannot be read or drawn ends in one line and exit code 2; so does an object that is there twice.

## How to read them

From left to right: clients, routes, workloads, databases, volumes. An SVG goes from top to bottom, unless that is wider
than a page. A frame is a namespace. A frame in a frame is one application: workloads with the same
`app.kubernetes.io/name`. An arrow that begins at that frame is an arrow of each of them.

| what | stands for |
|---|---|
| orange arrow | the way of a request; its numbers are ports |
| blue arrow | a connection, with the port of the pods |
| red, dashed | a connection that a NetworkPolicy stops |
| grey line | a volume that is mounted |
| green-blue, dashed | metrics that are read |
| purple, dashed | what the platform gives |
| dashed box | runs to its end (a Job, a CronJob); or is made elsewhere (by an operator's own chart) |
| `to the internet: 443` | what policies open by address; the other end has no box |
| `secrets: …` | the names of the Secrets that a workload reads; no value is ever drawn |

A connection is what the manifests show (an address in a variable, an argument or a file), or what NetworkPolicies open
for pods that they name by label. An arrow says what may be, not that anybody has connected. Everybody looks up names,
so DNS is left out.

In the picture of a change (`vkm review --format markdown`), a box is marked when its object changes, or a ConfigMap or
Secret that it reads; an arrow, when a NetworkPolicy that names both its ends changes, or the Service that it leads
through.

The SVGs turn dark where the screen is dark. The pictures below are made from the committed manifests
(`python -m tests.diagrams`); a test fails when they are out of date.
"""


def texts() -> dict[Path, str]:
    """Every file of the page with its text."""
    graph = Graph([item.manifest for item in read([str(MANIFESTS)])])
    found = {
        FOLDER / f"{name}.svg": as_svg(Picture.of(graph, namespaces=namespaces, show=show, overview=not namespaces))
        for name, (_, namespaces, show) in PICTURES.items()
    }
    return {PAGE: "\n".join(_page(graph)), **found}


def _page(graph: Graph) -> Iterator[str]:
    yield HEAD
    for name, (title, namespaces, show) in PICTURES.items():
        words = [f"--namespace {namespace}" for namespace in namespaces] or ["--overview"]
        words += [
            f"--show {option}" for kind, option in (("scrapes", "scraping"), ("provides", "platform")) if kind in show
        ]
        yield f"## {title}\n"
        yield f"[![{title}](diagrams/{name}.svg)](diagrams/{name}.svg)\n"
        yield f"`{' '.join(('vkm diagram dist/', *words, f'--output {name}.svg'))}`\n"
    yield "## As Mermaid\n"
    yield "The same text in a README, an issue or a pull request becomes a picture:\n"
    yield f"```mermaid\n{as_mermaid(Picture.of(graph, namespaces=['grafana']))}```\n"


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for file, text in texts().items():
        file.write_text(text, encoding="utf-8")
