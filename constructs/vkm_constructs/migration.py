"""Migration: what has to run before a new version of an application serves."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from cdk8s_plus_27 import k8s
from constructs import Construct

from vkm_constructs.checks import check_argv, check_name
from vkm_constructs.connections import connect, connect_to_outside
from vkm_constructs.env import EnvValue, check_env
from vkm_constructs.errors import Checks, nearest, spell
from vkm_constructs.labels import NAME, labels, selector
from vkm_constructs.pod_template import container, pod_template
from vkm_constructs.pods import Connectable, Pods
from vkm_constructs.service_account import service_account
from vkm_constructs.web_app import WebApp, check_sibling


class Migration(Construct):
    """A Job that brings an application's data to its version, with its image, environment and connections.

    Makes a ServiceAccount and a Job. The Job's name carries the image's version and a hash of all that it is made of:
    Jobs are immutable, so each version, and each other change, is a new one. It may therefore run more than once for a
    version, and the command must be one that does nothing when there is nothing to do. (An `override` of the Job
    changes no name: the Job that is in the cluster has to be deleted first.)

    It mounts what the application mounts, but for a ReadWriteOnce volume, which the running pod has; it runs none of
    the application's init containers. Until it has succeeded the application's pods should wait, in such a container.

    Args:
        id: the Job's name, before the version and the hash; a DNS label.
        app: the application.
        command: program and arguments.
        env: variables besides the application's.
        without: names of the application's variables that it does not get.

    Attributes:
        job, service_account: the L1 objects.
        pods: what network policies select.

    Raises:
        ConstructError: no command, a variable that the application has already, a name that becomes too long.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        app: WebApp,
        command: Sequence[str],
        env: Mapping[str, EnvValue] | None = None,
        without: Sequence[str] = (),
    ) -> None:
        version = app.image.tag or (app.image.digest or "").removeprefix("sha256:")[:12]
        prefix = f"{id}-{re.sub(r'[^a-z0-9]+', '-', version.lower()).strip('-')}"
        check = Checks(scope, id)
        namespace = check.namespace()
        check_name(check, "id", id)
        room = 54 - len(prefix) + len(id)
        if len(id) <= 63 and len(id) > room:
            check.refuse(
                "id",
                id,
                f"is too long for the name of a Job, with the version ({prefix.removeprefix(id)}) and a hash behind it",
                accepted=f"at most {room} characters",
                fix=f'id="{id[:room].rstrip("-")}"',
            )
        check_argv(check, "command", command, empty=False)
        check_sibling(check, app, namespace)
        shared = {variable: value for variable, value in app.env.items() if variable not in without}
        check_env(check, "env", env or {}, namespace=namespace, given=shared)
        for left_out in without:
            if left_out not in app.env:
                known = nearest(left_out, app.env)
                check.refuse(
                    "without",
                    left_out,
                    f"is not a variable of {app.pods.name}",
                    accepted=", ".join(map(spell, known)) or "nothing: it has none",
                    fix=f"without=[{spell(known[0])}]" if known else "leave it out",
                )
        check.done()
        super().__init__(scope, id)

        family = app.pods.family or app.pods.labels
        all_labels = labels(
            name=family[NAME], instance=id, component="migration", part_of=namespace, version=app.image.version
        )
        self.pods = Pods(scope=self, name=id, namespace=namespace, labels=selector(family[NAME], id), ports={})
        mounts = [mount for mount in app.mounts if not mount.exclusive]
        # It has no business with the Kubernetes API, even where the application has.
        security = replace(app.security, api_token=False)
        spec = k8s.JobSpec(
            # The database may start at the same time: tried for about an hour, with growing pauses.
            backoff_limit=15,
            template=pod_template(
                labels=all_labels,
                service_account=id,
                containers=[
                    container(
                        name=id,
                        image=app.image,
                        command=command,
                        env={**shared, **(env or {})},
                        mounts=mounts,
                        resources=app.resources,
                        security=security,
                    )
                ],
                mounts=mounts,
                security=security,
                grace=30,
                restart_policy="OnFailure",
            ),
        )
        content = json.dumps(k8s.KubeJob.manifest(spec=spec), sort_keys=True)
        name = f"{prefix}-{hashlib.sha256(content.encode()).hexdigest()[:8]}"
        self.service_account = service_account(self, k8s.ObjectMeta(name=id, namespace=namespace, labels=all_labels))
        self.job = k8s.KubeJob(
            self, "job", metadata=k8s.ObjectMeta(name=name, namespace=namespace, labels=all_labels), spec=spec
        )

    def connect_to(self, other: Connectable, *, port: str | None = None) -> None:
        """Let it reach another workload that its application does not reach: egress here, ingress there.

        Args:
            other: a workload, or `Pods` that describe one.
            port: name of the port; None is its first.

        Raises:
            ConstructError: the other listens on nothing, or not on that port.
        """
        connect(self, self.pods, other.pods, port=port)

    def connect_to_outside(
        self, name: str, *, cidrs: Sequence[str], excluding: Sequence[str] = (), ports: Sequence[int], reason: str
    ) -> None:
        """Let it reach addresses that are not pods, and that its application does not let its siblings reach.

        Args:
            name: what is reached, as it stands in the policy's name.
            cidrs: address blocks.
            excluding: address blocks within these that are not reached.
            ports: TCP ports.
            reason: why; it stands in the manifest.

        Raises:
            ConstructError: what is no address block or no port.
        """
        connect_to_outside(self, self.pods, name, cidrs=cidrs, excluding=excluding, ports=ports, reason=reason)
