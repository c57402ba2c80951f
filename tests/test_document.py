"""The page that maps the architecture document to the manifests says what they say."""

from tests.conftest import ROOT
from tests.document import PAGE, SECTIONS, render
from tests.environments import vkm_manifests


def test_the_page_is_what_the_manifests_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == render(vkm_manifests()), "make docs"


def test_every_kind_of_the_document_has_its_row() -> None:
    named = {row.line for row in SECTIONS["Kinds"]}
    assert named == set(
        "Namespace Deployment StatefulSet Service IngressRoute PersistentVolumeClaim Secret StorageClass "
        "PersistentVolume Volume ConfigMap ClusterIssuer Certificate ExternalSecret ClusterSecretStore ServiceMonitor "
        "PodMonitor PrometheusRule GrafanaDashboard NetworkPolicy ServiceAccount RoleBinding".split()
    )


def test_the_readme_leads_to_it() -> None:
    assert "docs/document.md" in (ROOT / "README.md").read_text(encoding="utf-8")
