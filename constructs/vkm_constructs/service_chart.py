"""ServiceChart: the chart that a service's constructs are assembled in."""

from cdk8s import Chart
from constructs import Construct

from vkm_constructs.checks import check_name
from vkm_constructs.errors import Checks
from vkm_constructs.service_namespace import Namespace


class ServiceChart(Chart):
    """A chart whose objects live in one namespace and have exactly the names that they are given.

    Args:
        id: the chart's name, and that of its file in the output folder; a DNS label.
        namespace: where its objects live; None for a chart of objects that live in none.

    Raises:
        ConstructError: the id is no name or is taken.
    """

    def __init__(self, scope: Construct, id: str, *, namespace: Namespace | None = None) -> None:
        check = Checks(scope, id)
        check_name(check, "id", id)
        check.done()
        super().__init__(
            scope,
            id,
            namespace=namespace.name if namespace else None,
            # A suffix made from the construct's path would rename, which is to replace, whatever is moved in the code.
            disable_resource_name_hashes=True,
        )
        check.remember(self)
