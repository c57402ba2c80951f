"""RoleGrant: what one workload may do with the Kubernetes API in one namespace."""

from collections.abc import Sequence

from cdk8s_plus_27 import k8s
from constructs import Construct

from vkm_constructs.checks import check_reference
from vkm_constructs.errors import Checks
from vkm_constructs.web_app import WebApp

API_GROUP = "rbac.authorization.k8s.io"


class RoleGrant(Construct):
    """Permissions of a workload in one namespace. Makes a Role and a RoleBinding, both named after the workload.

    Args:
        id: of the construct; what it makes is named after the workload.
        to: the workload; it needs `Security(api_token=True)`.
        namespace: where it may do it.
        rules: verbs and resources, by name: a wildcard is refused.

    Attributes:
        role: the L1 object.

    Raises:
        ConstructError: a wildcard, or a workload that has no token.
    """

    def __init__(
        self, scope: Construct, id: str, *, to: WebApp, namespace: str, rules: Sequence[k8s.PolicyRule]
    ) -> None:
        check = Checks(scope, id)
        if not to.security.api_token:
            check.refuse(
                "to",
                to.pods.name,
                "has no token for the Kubernetes API",
                accepted="a workload with Security(api_token=True)",
                fix=f'WebApp(..., "{to.pods.name}", security=Security(api_token=True))',
            )
        check_reference(check, "namespace", namespace)
        if not rules:
            check.refuse("rules", [], "grants nothing", accepted="at least one rule", fix="leave the RoleGrant out")
        for rule in rules:
            if not (rule.verbs and rule.resources and rule.api_groups):
                check.refuse(
                    "rules",
                    rule.verbs,
                    "names verbs, resources or API groups, but not all three",
                    accepted="all three; the core group is the empty text",
                    fix='k8s.PolicyRule(api_groups=[""], resources=["pods"], verbs=["get"])',
                )
            if any("*" in word for word in [*rule.verbs, *(rule.resources or []), *(rule.api_groups or [])]):
                check.refuse(
                    "rules",
                    "*",
                    "grants what nobody has thought of",
                    accepted="verbs, resources and API groups by name",
                    fix='verbs=["get", "list", "watch"]',
                )
        check.done()
        super().__init__(scope, id)

        metadata = k8s.ObjectMeta(name=to.pods.name, namespace=namespace)
        self.role = k8s.KubeRole(self, "role", metadata=metadata, rules=list(rules))
        k8s.KubeRoleBinding(
            self,
            "role-binding",
            metadata=metadata,
            role_ref=k8s.RoleRef(api_group=API_GROUP, kind="Role", name=to.pods.name),
            subjects=[k8s.Subject(kind="ServiceAccount", name=to.pods.name, namespace=to.namespace)],
        )
