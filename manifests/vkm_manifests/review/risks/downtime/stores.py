"""Downtime: Secrets that are read from another place than what runs has them from."""

from collections.abc import Iterator

from vkm_manifests.graph import shape
from vkm_manifests.review.comparison import Comparison
from vkm_manifests.review.risk import Concern, risk
from vkm_manifests.review.stores import provider, store_of
from vkm_manifests.review.wording import counted, listed


@risk(
    "downtime",
    before="""
apiVersion: external-secrets.io/v1
kind: SecretStore
metadata: {name: store, namespace: shop}
spec:
  refreshInterval: 300
  provider: {onepasswordSDK: {vault: shop, auth: {serviceAccountSecretRef: {name: token, key: token}}}}
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {name: mail, namespace: shop}
spec:
  secretStoreRef: {kind: SecretStore, name: store}
  data:
  - {secretKey: password, remoteRef: {key: mail/password}}
""",
    breaks={"vault: shop": "vault: shop-2"},
    passes={"refreshInterval: 300": "refreshInterval: 600"},
)
def store_is_another(comparison: Comparison) -> Iterator[Concern]:
    """A store reads from another place: where that has other values, who logs in with them is refused."""
    for change in comparison.changed("ClusterSecretStore", "SecretStore"):
        if provider(change.old) == provider(change.new):
            continue
        names = [
            str(secret.identity)
            for secret in comparison.new.of_kind("ExternalSecret")
            for item in (*shape.mappings(secret.spec, "data"), {})
            if store_of(comparison.new, secret, item) is change.new
        ]
        if names:
            number = len(set(names))
            yield change.concern(
                f"{counted(number, 'ExternalSecret')} {'reads' if number == 1 else 'read'} from another place "
                f"({listed(names)}): where that has other values, who logs in with them is refused",
                do="let the new place hold the same values first; change passwords one by one, in the servers as well",
                field="spec.provider",
            )
