"""ServiceChart: the chart that a service's constructs are assembled in."""

from collections.abc import Mapping

from cdk8s import Chart
from constructs import Construct

from vkm_constructs.checks import check_name, check_reference
from vkm_constructs.errors import Checks, spell
from vkm_constructs.service_namespace import ExistingNamespace, Namespace, ServiceNamespace


class ServiceChart(Chart):
    """A chart whose objects live in one namespace and have exactly the names that they are given.

    They are labelled as parts of the chart (`app.kubernetes.io/part-of`).

    Args:
        id: the chart's name, and that of its file in the output folder; a DNS label.
        namespace: where its objects live; None for a chart of objects that live in none.
        labels: of every object, such as one that an operator selects monitors by.

    Raises:
        ConstructError: the id is no name or is taken.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        namespace: Namespace | None = None,
        labels: Mapping[str, str] | None = None,
    ) -> None:
        check = Checks(scope, id)
        check_name(check, "id", id)
        if namespace is not None and not isinstance(namespace, (ServiceNamespace, ExistingNamespace)):
            check.refuse(
                "namespace",
                namespace,
                "is not a namespace",
                accepted="a ServiceNamespace or an ExistingNamespace",
                fix=f"namespace=ExistingNamespace({spell(namespace)})",
            )
        elif namespace is not None:
            check_reference(check, "namespace", namespace.name)
        check.done()
        super().__init__(
            scope,
            id,
            namespace=namespace.name if namespace else None,
            # A suffix made from the construct's path would rename, which is to replace, whatever is moved in the code.
            disable_resource_name_hashes=True,
            labels={**(labels or {}), "app.kubernetes.io/part-of": id, "app.kubernetes.io/managed-by": "cdk8s"},
        )
        # Whether nothing enters or leaves the namespace unless a connection says so.
        self.closed = isinstance(namespace, ServiceNamespace)
        # To be declared on the first object in it.
        self.undeclared = namespace if isinstance(namespace, ExistingNamespace) else None
