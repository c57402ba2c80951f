"""Jobs that run at set times."""

from cdk8s_plus_27 import k8s
from constructs import Construct


def cron_job(
    scope: Construct,
    metadata: k8s.ObjectMeta,
    *,
    schedule: str,
    retries: int,
    deadline: int,
    template: k8s.PodTemplateSpec,
) -> k8s.KubeCronJob:
    """A CronJob whose runs never overlap.

    Args:
        scope: the construct that it belongs to.
        metadata: its name, namespace and labels; the Jobs get the labels as well.
        schedule: five cron fields.
        retries: pods that are tried after one that failed; each failed pod stays, for its log.
        deadline: seconds until a run that has not ended is ended, all its pods together.
        template: of the pods.
    """
    return k8s.KubeCronJob(
        scope,
        "cron-job",
        metadata=metadata,
        spec=k8s.CronJobSpec(
            schedule=schedule,
            concurrency_policy="Forbid",
            # A missed run is made up for within the hour. Without a limit, a hundred missed ones stop it for good.
            starting_deadline_seconds=3600,
            successful_jobs_history_limit=1,
            failed_jobs_history_limit=3,
            job_template=k8s.JobTemplateSpec(
                metadata=k8s.ObjectMeta(labels=metadata.labels),
                spec=k8s.JobSpec(backoff_limit=retries, active_deadline_seconds=deadline, template=template),
            ),
        ),
    )
