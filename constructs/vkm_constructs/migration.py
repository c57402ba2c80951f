"""Migration: what has to run once before a new version of an application serves."""

import re
from collections.abc import Mapping, Sequence

from cdk8s_plus_27 import k8s
from constructs import Construct

from vkm_constructs.checks import check_name
from vkm_constructs.env import EnvValue, check_env
from vkm_constructs.errors import Checks, nearest, spell
from vkm_constructs.labels import NAME, labels
from vkm_constructs.pod_template import container, pod_template
from vkm_constructs.service_account import service_account
from vkm_constructs.web_app import WebApp


class Migration(Construct):
    """A Job that runs once for each version of an application, with its image, environment, files and connections.

    Makes a Job, whose name carries the image's version because Jobs are immutable, and a ServiceAccount. It mounts what
    the application mounts, but for a ReadWriteOnce volume, which the running pod has. Until it has succeeded the
    application's pods should wait, in an init container.

    The Job is removed an hour after it has finished. Applied again after that it runs again, so the command must be one
    that does nothing when there is nothing to do.

    Args:
        id: the Job's name, before the version; a DNS label.
        app: the application.
        command: program and arguments.
        env: variables besides the application's.
        without: names of the application's variables that it does not get.

    Attributes:
        job: the L1 object.

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
        name = f"{id}-{re.sub(r'[^a-z0-9]+', '-', version.lower()).strip('-')}"
        check = Checks(scope, id)
        check_name(check, "id", id)
        if len(name) > 63:
            check_name(check, "id", name)
        if not command:
            check.refuse(
                "command",
                (),
                "runs nothing",
                accepted="a program and its arguments",
                fix='command=("rake", "db:migrate")',
            )
        shared = {name: value for name, value in app.env.items() if name not in without}
        check_env(check, "env", env or {}, namespace=app.namespace, given=shared)
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
        check.remember(self)

        family = app.pods.family or app.pods.labels
        job_labels = labels(
            name=family[NAME], instance=name, component="migration", part_of=app.namespace, version=app.image.version
        )
        account = k8s.ObjectMeta(
            name=id, namespace=app.namespace, labels={**job_labels, "app.kubernetes.io/instance": id}
        )
        mounts = [mount for mount in app.mounts if not mount.exclusive]
        self.service_account = service_account(self, account)
        self.job = k8s.KubeJob(
            self,
            "job",
            metadata=k8s.ObjectMeta(name=name, namespace=app.namespace, labels=job_labels),
            spec=k8s.JobSpec(
                # The database may start at the same time: tried for about an hour, with growing pauses.
                backoff_limit=15,
                ttl_seconds_after_finished=3600,
                template=pod_template(
                    labels=job_labels,
                    service_account=id,
                    containers=[
                        container(
                            name=id,
                            image=app.image,
                            command=command,
                            env={**shared, **(env or {})},
                            mounts=mounts,
                            resources=app.resources,
                            security=app.security,
                        )
                    ],
                    mounts=mounts,
                    security=app.security,
                    grace=30,
                    restart_policy="OnFailure",
                ),
            ),
        )
