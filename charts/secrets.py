"""External Secrets: the store that all secrets come from."""

from cdk8s import ApiObjectMetadata
from constructs import Construct

from charts.environment import Environment
from vkm_constructs import ExistingNamespace, Namespace, SecretStore, ServiceChart, made_outside
from vkm_external_secrets.io.external_secrets import (
    ClusterSecretStore,
    ClusterSecretStoreSpec,
    ClusterSecretStoreSpecConditions,
    ClusterSecretStoreSpecProvider,
    ClusterSecretStoreSpecProviderOnepasswordSdk,
    ClusterSecretStoreSpecProviderOnepasswordSdkAuth,
    ClusterSecretStoreSpecProviderOnepasswordSdkAuthServiceAccountSecretRef,
)

TOKEN = "onepassword-token"


class SecretsChart(ServiceChart):
    """ClusterSecretStore `onepassword-store`: one 1Password vault, for the namespaces that use it and no other.

    The token of the service account is the one secret that is made by hand (docs/bootstrap.md).
    """

    def __init__(
        self, scope: Construct, env: Environment, *, operator: ExistingNamespace, users: tuple[Namespace, ...]
    ) -> None:
        super().__init__(scope, "secrets", labels=env.labels)

        self.store = SecretStore(name="onepassword-store", namespaces=tuple(user.name for user in users))
        store = ClusterSecretStore(
            self,
            "onepassword-store",
            metadata=ApiObjectMetadata(
                name=self.store.name,
                # The account's address has no field: the token knows its account.
                annotations={f"{env.domain}/onepassword-account": env.onepassword.account},
            ),
            spec=ClusterSecretStoreSpec(
                conditions=[ClusterSecretStoreSpecConditions(namespaces=list(self.store.namespaces or ()))],
                provider=ClusterSecretStoreSpecProvider(
                    onepassword_sdk=ClusterSecretStoreSpecProviderOnepasswordSdk(
                        vault=env.onepassword.vault,
                        auth=ClusterSecretStoreSpecProviderOnepasswordSdkAuth(
                            service_account_secret_ref=ClusterSecretStoreSpecProviderOnepasswordSdkAuthServiceAccountSecretRef(
                                name=TOKEN, key="token", namespace=operator.name
                            )
                        ),
                    )
                ),
            ),
        )
        made_outside(
            store,
            "Secret",
            TOKEN,
            namespace=operator.name,
            keys=["token"],
            by="the administrator, by hand (docs/bootstrap.md)",
        )
