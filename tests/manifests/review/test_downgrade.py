"""Versions that go back, and major versions to which no way leads."""

from typing import Any

import pytest

from vkm_manifests.review import review
from vkm_manifests.review.risks.downgrade import Version


def _workload(image: str, kind: str = "StatefulSet", **pods: Any) -> dict[str, Any]:
    pod = {"containers": [{"name": "main", "image": image}], **pods}
    template: dict[str, Any] = {"template": {"metadata": {"labels": {"app": "db"}}, "spec": pod}}
    spec = {"schedule": "0 1 * * *", "jobTemplate": {"spec": template}} if kind == "CronJob" else template
    group = "batch" if kind in ("CronJob", "Job") else "apps"
    return {"apiVersion": f"{group}/v1", "kind": kind, "metadata": {"name": "db", "namespace": "shop"}, "spec": spec}


def _told(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    found = review([old], [new]).objects
    return [concern.reason for item in found for concern in item.concerns if concern.level == "downgrade"]


def _of_images(old: str, new: str) -> list[str]:
    return _told(_workload(old), _workload(new))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("web:1.10.0", "web:1.9.0"),
        ("web:v2.0.0", "web:v1.99.0"),
        ("web:1.0.0", "web:1.0.0-rc1"),
        ("web:1.0.0-rc2", "web:1.0.0-rc1"),
        ("web:1.0.0-beta3", "web:1.0.0-alpha4"),
        ("zammad:7.1.2-0013", "zammad:7.1.2-0010"),
        ("minio:RELEASE.2025-02-07T23-21-09Z", "minio:RELEASE.2025-01-20T14-49-07Z"),
        ("web:2025.04.1", "web:2024.12.3"),
        ("web:20250407", "web:20250406"),
        ("web:1.2.3-alpine", "web:1.2.2-debian"),
        ("docker.io/library/web:1.2", "mirror.example/web:1.1@sha256:0123"),
        ("web:17.11", "web:16"),
        ("pgvector/pgvector:pg17", "pgvector/pgvector:0.8.1-pg16"),
        ("timescale/timescaledb:2.14.0-pg15", "timescale/timescaledb:2.13.0-pg15"),
        ("postgres:16.1", "timescale/timescaledb:2.14.0-pg15"),
    ],
)
def test_an_older_tag_is_told_of(old: str, new: str) -> None:
    assert len(_of_images(old, new)) == 1


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("web:1.9.0", "web:1.10.0"),
        ("web:1.0.0-rc1", "web:1.0.0"),
        ("web:17.11", "web:17"),
        ("web:17", "web:17.2"),
        ("web:latest", "web:1.0.0"),
        ("web:1.0.0", "web:latest"),
        ("web:8f3a9c1", "web:7f3a9c1"),
        ("web:2024.1", "web:3.0.0"),
        ("web:1.2.3-alpine", "web:1.2.3-debian"),
        ("web@sha256:0123", "web@sha256:0122"),
        ("other:3.0.0", "web:2.0.0"),
        ("web:1.2.3-ls230", "web:1.2.3-ls229"),
        ("web:20250407", "web:1.2.3"),
        ("web:9876543", "web:1234567"),
        ("postgres:16.4", "timescale/timescaledb:2.2.0-pg16"),
    ],
)
def test_a_newer_tag_or_one_that_says_no_version_is_not(old: str, new: str) -> None:
    assert _of_images(old, new) == []


def test_what_is_no_version() -> None:
    assert [Version.of(tag) for tag in ("", "latest", "stable-alpine", "1234567abc", "v", "1.2.x", "9876543")] == [
        None
    ] * 7


def test_one_concern_tells_of_all_containers_of_one_workload() -> None:
    def both(version: str) -> dict[str, Any]:
        return _workload(f"web:{version}", initContainers=[{"name": "wait", "image": f"web:{version}"}])

    assert _told(both("2.0.0"), both("1.0.0")) == ["web goes back from 2.0.0 to 1.0.0"]
    (found,) = review([both("2.0.0")], [both("1.0.0")]).objects
    assert found.worst.field == "spec.template.spec.containers[main].image", "what stays, before what only starts it"


def test_more_than_three_are_counted() -> None:
    def many(version: int) -> dict[str, Any]:
        images = [{"name": name, "image": f"{name}:{version}.0"} for name in "abcde"]
        return _workload("db:1.0", containers=images)

    assert _told(many(2), many(1)) == [
        "a goes back from 2.0 to 1.0, b goes back from 2.0 to 1.0, c goes back from 2.0 to 1.0 and 2 more"
    ]


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (
            "postgres:17.5",
            "postgres:16.9-trixie",
            "PostgreSQL goes back from 17.5 to 16.9-trixie: it does not start on files that another major version has "
            "written",
        ),
        ("postgres:17.5", "postgres:17.4", "PostgreSQL goes back from 17.5 to 17.4"),
        (
            "mariadb:11.8.8",
            "mariadb:11.4.9",
            "MariaDB goes back from 11.8.8 to 11.4.9: it does not go back to an older series: the files are in the "
            "newer one's form",
        ),
        ("mariadb:11.8.8", "mariadb:11.8.7", "MariaDB goes back from 11.8.8 to 11.8.7"),
        (
            "solidnerd/bookstack:26.5.1",
            "solidnerd/bookstack:26.4.0",
            "BookStack goes back from 26.5.1 to 26.4.0: it has changed its database to a newer form, which an older "
            "one does not know",
        ),
        (
            "redis:8.8.2-alpine",
            "redis:7.4.2-alpine",
            "Redis goes back from 8.8.2-alpine to 7.4.2-alpine: it cannot read the RDB and AOF files that a newer "
            "version has written",
        ),
    ],
)
def test_what_is_said_of_known_software_that_goes_back(old: str, new: str, reason: str) -> None:
    assert _of_images(old, new) == [reason]


def test_a_client_of_a_database_has_no_files() -> None:
    old, new = _workload("mariadb:11.8.8", "CronJob"), _workload("mariadb:11.4.9", "CronJob")
    assert _told(old, new) == ["MariaDB goes back from 11.8.8 to 11.4.9"]
    assert _told(new, old) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("postgres:17.5", "postgres:18.1"),
        ("postgres:17", "postgres:18"),
        ("mariadb:11.4.9", "mariadb:11.8.8"),
        ("mysql:8.0.40", "mysql:8.4.3"),
        ("mongo:6.0.1", "mongo:8.0.1"),
        ("nextcloud:29.0.1-fpm", "nextcloud:31.0.0-fpm"),
        ("ghcr.io/zammad/zammad:5.4.1-0001", "ghcr.io/zammad/zammad:7.1.2-0013"),
        ("rabbitmq:3.12.1", "rabbitmq:4.0.1"),
        ("longhornio/longhorn-manager:v1.8.0", "longhornio/longhorn-manager:v1.10.0"),
        ("influxdb:1.8", "influxdb:2.7"),
        ("pgvector/pgvector:pg16", "pgvector/pgvector:pg17"),
        ("timescale/timescaledb:2.14.0-pg15", "timescale/timescaledb:2.14.0-pg16"),
        ("postgres:16.4", "bitnami/postgresql:17.5.0"),
        ("bitnami/postgresql-repmgr:16.4.0", "bitnami/postgresql-repmgr:17.5.0"),
        ("bitnami/mongodb:6.0.1", "bitnami/mongodb:8.0.1"),
    ],
)
def test_a_major_version_to_which_no_way_leads_is_told_of(old: str, new: str) -> None:
    assert len(_of_images(old, new)) == 1


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("postgres:17.5", "postgres:17.6"),
        ("postgres:17", "postgres:17.6"),
        ("mariadb:11.8.7", "mariadb:11.8.8"),
        ("mongo:7.0.1", "mongo:8.0.1"),
        ("nextcloud:30.0.1", "nextcloud:31.0.0"),
        ("zammad:6.5.2-0001", "zammad:7.1.2-0013"),
        ("rabbitmq:3.13.7", "rabbitmq:4.0.1"),
        ("longhornio/longhorn-manager:v1.9.0", "longhornio/longhorn-manager:v1.10.0"),
        ("redis:7.4.2", "redis:8.8.2"),
        ("grafana:12.0.0", "grafana:13.2.0"),
    ],
)
def test_a_way_that_leads_forward_is_not(old: str, new: str) -> None:
    assert _of_images(old, new) == []


@pytest.mark.parametrize(
    ("old", "new", "passed"),
    [
        ("mysql:5.7.44", "mysql:8.4.3", "8.0"),
        ("mysql:5.7.44", "mysql:9.1.0", "8.0 and 8.4"),
        ("mysql:8.0.40", "mysql:9.1.0", "8.4"),
        ("mysql:8.0.40", "mysql:8.4.3", ""),
        ("mysql:8", "mysql:9", ""),
        ("rabbitmq:3.11.2", "rabbitmq:4.1.0", "3.13"),
    ],
)
def test_a_series_that_must_run_on_the_way(old: str, new: str, passed: str) -> None:
    (reason,) = _of_images(old, new)
    assert reason.endswith(f"unless {passed} has run on them in between" if passed else "when it starts")


def test_a_redis_does_not_go_back_if_it_has_a_volume() -> None:
    volumes = [{"name": "data", "persistentVolumeClaim": {"claimName": "data"}}]
    old, new = (_workload(f"redis:{version}", volumes=volumes) for version in ("8.8.2", "9.0.1"))
    assert _told(old, new) == [
        "Redis goes from 8.8.2 to 9.0.1: there is no way back: an older version cannot read the files that it writes"
    ]
    assert _of_images("redis:8.8.2", "redis:9.0.1") == [], "a cache"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("postgres:16.4", "postgres:16.4-alpine", True),
        ("postgres:16.4-bookworm", "postgres:16.4-trixie", True),
        ("pgvector/pgvector:pg16-bookworm", "pgvector/pgvector:pg16-trixie", True),
        ("bitnami/postgresql:17.5.0-debian-12-r20", "bitnami/postgresql:17.6.0-debian-13-r0", True),
        ("bitnami/postgresql:17.5.0-debian-12-r20", "bitnami/postgresql:17.6.0-debian-12-r0", False),
        ("postgres:16.4", "postgres:16.4-trixie", False),
        ("postgres:16.4-alpine3.21", "postgres:16.4-alpine3.22", False),
        ("mariadb:11.8.8", "mariadb:11.8.8-alpine", False),
    ],
)
def test_texts_that_are_sorted_otherwise(old: str, new: str, told: bool) -> None:
    assert len(_of_images(old, new)) == told


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (
            "redis:8.8.2",
            "valkey/valkey:9.0.1",
            "Valkey takes the place of Redis 8.8.2: it cannot read the files of that",
        ),
        ("mysql:8.0.40", "mariadb:11.8.8", "MariaDB takes the place of MySQL 8.0.40: it cannot read the files of that"),
        ("mysql:8.4.3", "postgres:17.5", "PostgreSQL takes the place of MySQL 8.4.3: it cannot read the files of that"),
        ("redis:7.2.4", "valkey/valkey:8.1.1", None),
        ("bitnami/postgresql:17.5", "postgres:17.6", None),
        ("example/web:2.0.0", "example/shop:1.0.0", None),
    ],
)
def test_another_server_on_the_same_files(old: str, new: str, reason: str | None) -> None:
    assert _of_images(old, new) == ([reason] if reason else [])


def _cluster(image: str) -> dict[str, Any]:
    metadata = {"name": "db", "namespace": "shop"}
    return {
        "apiVersion": "postgresql.cnpg.io/v1",
        "kind": "Cluster",
        "metadata": metadata,
        "spec": {"instances": 1, "imageName": image},
    }


def test_operators_versions_are_versions() -> None:
    old, new = _cluster("ghcr.io/cloudnative-pg/postgresql:17.5"), _cluster("ghcr.io/cloudnative-pg/postgresql:16.9")
    assert _told(old, new) == [
        "PostgreSQL goes back from 17.5 to 16.9: it does not start on files that another major version has written"
    ]
    assert _told(new, old) == [], "CloudNativePG runs pg_upgrade itself"


def test_a_workload_that_is_renamed_as_well() -> None:
    env = [{"name": f"OPTION_{number}", "value": "on"} for number in range(9)]
    old, new = (
        _workload("", "Deployment", containers=[{"name": "main", "image": f"web:{version}", "env": env}])
        for version in ("2.0.0", "1.0.0")
    )
    new["metadata"]["name"] = "other"
    assert _told(old, new) == ["web goes back from 2.0.0 to 1.0.0"]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("v1", "v1beta1", True),
        ("v1beta1", "v1alpha3", True),
        ("v2", "v1", True),
        ("v1beta2", "v1beta1", True),
        ("v1beta1", "v1", False),
        ("v1alpha9", "v1beta1", False),
    ],
)
def test_an_older_version_of_an_api(old: str, new: str, told: bool) -> None:
    def thing(version: str) -> dict[str, Any]:
        return {"apiVersion": f"example.com/{version}", "kind": "Thing", "metadata": {"name": "a", "namespace": "shop"}}

    assert bool(_told(thing(old), thing(new))) is told
