"""Downgrade: a version goes back, or forward where no way leads."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from vkm_manifests.graph import shape
from vkm_manifests.graph.images import Image
from vkm_manifests.graph.pod import Pod
from vkm_manifests.graph.software import DATABASES
from vkm_manifests.review.change import Change, Changed
from vkm_manifests.review.comparison import Comparison, PodChange
from vkm_manifests.review.risk import Concern, risk
from vkm_manifests.review.storage import claims_by_volume
from vkm_manifests.review.wording import listed

# A leading word or letter, the numbers, and what follows: `v3.13.2`, `17.11-trixie`, `RELEASE.2024-01-28T22-40-48Z`.
_VERSION: Final = re.compile(r"(?:v|version-|release-|RELEASE\.)?(\d{1,9}(?:\.\d{1,9})*)(?![\w.])(.*)")
_DATE: Final = re.compile(r"(?:v|version-|release-|RELEASE\.)?(20\d\d)[-.]?(0\d|1[0-2])[-.]?([0-3]\d)(?!\d)(.*)")
_EARLY: Final = re.compile(r"[-.+_]?(dev|nightly|alpha|beta|pre|rc)(?![a-z])[-.]?(\d*)", re.IGNORECASE)
# 2023 is a year, and 3 is none: such versions count by another measure.
_FIRST_YEAR: Final = 1990
# So many digits in a row, and nothing else, are a commit or a run's number, not a version.
_DIGITS_OF_NO_VERSION: Final = 6


@dataclass(frozen=True, slots=True)
class Version:
    """A version, as far as a tag says it.

    Attributes:
        numbers: such as `(26, 5, 1)`.
        early: 0 for a release, less for what comes before one: a preview and its number.
        build: what is counted beside it, as Zammad's `7.1.2-0013`; -1 where nothing is.
        is_date: whether the numbers are a day.
    """

    numbers: tuple[int, ...]
    early: tuple[int, int]
    build: int
    is_date: bool

    @classmethod
    def of(cls, tag: str) -> "Version | None":
        """The version that a tag begins with; None where it says none.

        >>> Version.of("v3.13.2").numbers, Version.of("11.8.8-alpine").numbers, Version.of("latest")
        ((3, 13, 2), (11, 8, 8), None)
        """
        day = _DATE.fullmatch(tag)
        if day:
            return cls(tuple(map(int, day.groups()[:3])), (0, 0), -1, True)
        match = _VERSION.fullmatch(tag)
        if match is None:
            return None
        numbers, rest = match.groups()
        if numbers.isdigit() and len(numbers) >= _DIGITS_OF_NO_VERSION:
            return None
        early = _EARLY.match(rest)
        stages = ("dev", "nightly", "alpha", "beta", "pre", "rc")
        stage = (stages.index(early[1].lower()) - len(stages), int(early[2] or 0)) if early else (0, 0)
        build = re.match(r"[-+_](\d{1,9})(?![\w.])", rest)
        return cls(tuple(map(int, numbers.split("."))), stage, int(build[1]) if build else -1, False)

    def is_before(self, other: "Version") -> bool:
        """Whether it is older. `17` stands for any 17.x, and is neither older nor newer than 17.2."""
        if not self._is_comparable(other):
            return False
        count = min(len(self.numbers), len(other.numbers))
        mine, others = self.numbers[:count], other.numbers[:count]
        if mine != others or len(self.numbers) != len(other.numbers):
            return mine < others
        if self.early != other.early:
            return self.early < other.early
        return -1 < self.build < other.build

    def _is_comparable(self, other: "Version") -> bool:
        years = [version.numbers[0] >= _FIRST_YEAR for version in (self, other)]
        return self.is_date == other.is_date and years[0] == years[1]

    def series(self, count: int) -> tuple[int, ...]:
        """The first numbers, which name its series; fewer where it does not say as many."""
        return self.numbers[:count]


@dataclass(frozen=True, slots=True)
class Software:
    """What is known of the versions of some software.

    Attributes:
        name: as people call it.
        series: how many numbers name the series of versions whose data has one form.
        back: what happens when it goes back to an older series.
        forward: what happens when it goes to a newer major version; empty where nothing does that must be known.
        do: what to do to go forward.
        major: how many numbers name a major version.
        one_by_one: whether only going further than to the next major version, or past a stop, is told of.
        stops: series that must have run on the way.
    """

    name: str
    series: int
    back: str
    forward: str = ""
    do: str = ""
    major: int = 1
    one_by_one: bool = False
    stops: tuple[tuple[int, int], ...] = ()


_MIGRATES: Final = "it has changed its database to a newer form, which an older one does not know"
_POSTGRES: Final = Software(
    "PostgreSQL",
    1,
    "it does not start on files that another major version has written",
    "it does not start on files that another major version has written",
    "dump it, start the new version on an empty volume, and restore; or run pg_upgrade",
)
_MARIADB: Final = Software(
    "MariaDB",
    2,
    "it does not go back to an older series: the files are in the newer one's form",
    "there is no way back: the files are changed to the newer form",
    "make a dump right before, and try the new version on a copy of it",
    major=2,
)
_MYSQL: Final = Software(
    "MySQL",
    2,
    "it does not start on files that a newer version has written",
    "there is no way back: the files are changed to the newer form when it starts",
    "make a dump right before, and pass no series of long-term support: 5.7, 8.0, 8.4, one after the other",
    major=2,
    stops=((5, 7), (8, 0), (8, 4)),
)
_MONGO: Final = Software(
    "MongoDB",
    2,
    "it does not start on files whose featureCompatibilityVersion is a newer one",
    "it does not start on files of a version before the last major one",
    "go through each major version in turn, and set featureCompatibilityVersion in each",
    one_by_one=True,
)
_REDIS: Final = Software(
    "Redis",
    2,
    "it cannot read the RDB and AOF files that a newer version has written",
    "there is no way back: an older version cannot read the files that it writes",
    "copy its volume, or its dump.rdb, right before",
)
_VALKEY: Final = replace(_REDIS, name="Valkey")
_ELASTIC: Final = Software(
    "Elasticsearch",
    3,
    "it does not start on files that a newer version has written",
    "it reads no indices that were made before the last major version",
    "go to the last minor version of each major version in turn, and reindex what is older",
    one_by_one=True,
)
_NEXTCLOUD: Final = Software(
    "Nextcloud",
    3,
    "it refuses to start, as its data was written by a newer version",
    "it refuses to skip a major version",
    "go through each major version in turn",
    one_by_one=True,
)
_ZAMMAD: Final = Software(
    "Zammad",
    2,
    _MIGRATES,
    "its migrations go from one major version to the next",
    "go through each major version in turn, and let the migration end in each",
    one_by_one=True,
)
_GITLAB: Final = Software(
    "GitLab",
    2,
    _MIGRATES,
    "it has versions on the way that cannot be skipped",
    "look up its upgrade path, and wait for the background migrations in each of its steps",
)
_RABBIT: Final = Software(
    "RabbitMQ",
    2,
    "it does not start on files that a newer version has written",
    "it starts only where the last 3.13 has run with all stable feature flags",
    "go to 3.13 first, and enable all feature flags there",
    one_by_one=True,
    stops=((3, 13),),
)
_INFLUX: Final = Software(
    "InfluxDB",
    1,
    "it cannot read what a newer major version has written",
    "it cannot read what another major version has written",
    "export the data, and import it into a new server",
)
_LONGHORN: Final = Software(
    "Longhorn",
    2,
    "it refuses to go back",
    "it refuses to skip a minor version",
    "go through each minor version in turn",
    major=2,
    one_by_one=True,
)

# These keep their data in files of their own.
_WITH_FILES: Final = frozenset((_POSTGRES, _MARIADB, _MYSQL, _MONGO, _REDIS, _VALKEY, _ELASTIC, _RABBIT, _INFLUX))

SOFTWARE: Final[Mapping[str, Software]] = {
    **{
        image: software
        for image, database in DATABASES.items()
        for software in _WITH_FILES
        if software.name == database.name
    },
    "bookstack": Software("BookStack", 2, _MIGRATES),
    "gitea": Software("Gitea", 2, _MIGRATES),
    "gitlab-ce": _GITLAB,
    "gitlab-ee": _GITLAB,
    "grafana": Software("Grafana", 2, _MIGRATES),
    "grafana-oss": Software("Grafana", 2, _MIGRATES),
    "keycloak": Software("Keycloak", 2, _MIGRATES),
    "longhorn-manager": _LONGHORN,
    "nextcloud": _NEXTCLOUD,
    "zammad": _ZAMMAD,
}
"""The last part of an image's name to what its makers' documentation says of versions."""

# PostgreSQL's own version in the tags of images with an extension: `pg16`, `2.14.0-pg15`, `pg16.4-ts2.15`.
_OF_POSTGRES: Final = re.compile(r"(?:^|-)pg(\d+(?:\.\d+)?)(?![\w.])")


def _version(image: str, tag: str) -> Version | None:
    """The version that an image's tag says; of an extension of PostgreSQL, that of PostgreSQL and then its own."""
    found, server = Version.of(tag), _OF_POSTGRES.search(tag) if SOFTWARE.get(image) is _POSTGRES else None
    if server is None:
        return found
    numbers = tuple(map(int, server[1].split(".")))
    return Version(numbers + (found.numbers if found else ()), (0, 0), -1, is_date=False)


@dataclass(frozen=True, slots=True)
class _Step:
    """Software that a container runs in another version than before.

    Attributes:
        field: of the container, or the object, that names it.
        name: of the software, as its image is called.
        old: tag or version.
        new: tag or version.
        serves: whether it is a server on its files, not a client of it.
    """

    field: str
    name: str
    old: str
    new: str
    serves: bool

    @property
    def _versions(self) -> tuple[Version | None, Version | None]:
        return _version(self.name, self.old), _version(self.name, self.new)

    @property
    def is_back(self) -> bool:
        """Whether the new version is the older one."""
        old, new = self._versions
        return old is not None and new is not None and new.is_before(old)

    @property
    def known(self) -> Software | None:
        """What is known of it, if it has data that a version may not know."""
        found = SOFTWARE.get(self.name)
        return found if found and (self.serves or found not in _WITH_FILES) else None

    def series(self, count: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The series that it leaves and the one that it goes to; empty where a tag does not say it."""
        old, new = self._versions
        return old.series(count) if old else (), new.series(count) if new else ()


def _steps(pods: PodChange) -> Iterator[_Step]:
    for old, new in pods.containers():
        if old is None or new is None:
            continue
        before, after = Image.of(old.manifest.get("image")), Image.of(new.manifest.get("image"))
        serves = not new.init and pods.new.runs_on
        step = _Step(f"{new.field}.image", after.basename, before.tag, after.tag, serves)
        software = SOFTWARE.get(after.basename)
        if before.basename == after.basename:
            if before.tag != after.tag:
                yield step
        # Another image of the same software may count what else is in it: only the series says something.
        elif software and software == SOFTWARE.get(before.basename) and len(set(step.series(software.series))) > 1:
            yield step


# Kind of an operator to the field with a version or an image, and the software that it is.
_OF_OPERATORS: Final[Mapping[tuple[str, str], tuple[tuple[tuple[str, ...], str], ...]]] = {
    ("acid.zalan.do", "postgresql"): ((("spec", "postgresql", "version"), "postgres"),),
    ("elasticsearch.k8s.elastic.co", "Elasticsearch"): ((("spec", "version"), "elasticsearch"),),
    ("grafana.integreatly.org", "Grafana"): ((("spec", "version"), "grafana"),),
    ("k8s.mariadb.com", "MariaDB"): ((("spec", "image"), "mariadb"),),
    ("kafka.strimzi.io", "Kafka"): ((("spec", "kafka", "version"), "kafka"),),
    ("mongodbcommunity.mongodb.com", "MongoDBCommunity"): ((("spec", "version"), "mongo"),),
    ("monitoring.coreos.com", "Alertmanager"): ((("spec", "version"), "alertmanager"), (("spec", "image"), "")),
    ("monitoring.coreos.com", "Prometheus"): ((("spec", "version"), "prometheus"), (("spec", "image"), "")),
    ("postgres-operator.crunchydata.com", "PostgresCluster"): ((("spec", "postgresVersion"), "postgres"),),
    ("postgresql.cnpg.io", "Cluster"): ((("spec", "imageName"), "postgres"),),
    ("rabbitmq.com", "RabbitmqCluster"): ((("spec", "image"), "rabbitmq"),),
}
# These do a major upgrade themselves when they are told of the version.
_UPGRADED_BY_OPERATOR: Final = frozenset((("acid.zalan.do", "postgresql"), ("postgresql.cnpg.io", "Cluster")))


def _steps_of_operator(change: Changed) -> Iterator[_Step]:
    for path, name in _OF_OPERATORS.get((change.object.group, change.kind), ()):
        old, new = (shape.dig(side.manifest, *path) for side in (change.old, change.new))
        before, after = _tag(old), _tag(new)
        if before and after and before != after:
            yield _Step(".".join(path), name or Image.of(new).basename, before, after, serves=True)


def _tag(value: object) -> str:
    """The version in a field: an image's tag, or the field itself."""
    text = str(value) if isinstance(value, (str, int, float)) and not isinstance(value, bool) else ""
    return Image.of(text).tag if "/" in text or ":" in text else text


def _by_object(comparison: Comparison) -> Iterator[tuple[Change, list[_Step]]]:
    for pods in comparison.pods_by_any_name:
        yield pods.change, list(_steps(pods))
    for change in comparison.changed(*{kind for _, kind in _OF_OPERATORS}):
        yield change, list(_steps_of_operator(change))


_SERVER: Final = """
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, namespace: shop}
spec:
  serviceName: db
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec:
      containers:
      - name: db
        image: postgres:17.5
"""


@risk(
    "downgrade",
    before=_SERVER,
    breaks={"postgres:17.5": "postgres:16.9"},
    passes={"postgres:17.5": "postgres:17.6"},
)
def version_goes_back(comparison: Comparison) -> Iterator[Concern]:
    """A container runs an older version than before, as far as the images' tags say.

    What is fixed in the newer one is open again; and what has data, may not know the form in which the newer one has
    left it: PostgreSQL starts on files of its own major version only, MariaDB and MySQL have no way back to an older
    series (their manuals), and applications such as BookStack, Grafana and Zammad change their databases forward only.
    A tag that is no version, such as `latest`, and a digest say nothing of it.
    """
    for change, steps in _by_object(comparison):
        back = _most_telling([step for step in steps if step.is_back])
        if back:
            yield change.concern(_told_of_back(back), do=_way_back(back[0]), field=back[0].field)


def _most_telling(steps: list[_Step]) -> list[_Step]:
    """One for each software, a server's before a client's: first those whose data does not go back."""
    by_software: dict[tuple[str, str, str], _Step] = {}
    for step in sorted(steps, key=lambda step: (not _loses_its_data(step), not step.serves)):
        by_software.setdefault((step.name, step.old, step.new), step)
    return list(by_software.values())


def _loses_its_data(step: _Step) -> bool:
    software = step.known
    if software is None:
        return False
    old, new = step.series(software.series)
    return _is_older(new, old)


def _is_older(series: tuple[int, ...], other: tuple[int, ...]) -> bool:
    """Whether a series is older than another, as far as both say their numbers."""
    count = min(len(series), len(other))
    return series[:count] < other[:count]


def _told_of_back(steps: list[_Step]) -> str:
    told = [f"{_name(step)} goes back from {step.old} to {step.new}" for step in steps[:3]]
    more = f" and {len(steps) - 3} more" if len(steps) > 3 else ""
    software = steps[0].known
    if software and _loses_its_data(steps[0]):
        told[0] += f": {software.back}"
        return "; ".join(told) + more
    return ", ".join(told) + more


def _name(step: _Step) -> str:
    found = SOFTWARE.get(step.name)
    return found.name if found else step.name


def _way_back(step: _Step) -> str:
    if _loses_its_data(step):
        return f"keep {step.old}; or restore a backup that {step.new} has made, which loses what was written since"
    if step.known:
        return (
            f"read the notes of {step.old} for changes of the data's form, and make a backup first; or keep {step.old}"
        )
    return f"keep {step.old}, unless it is at fault: what it has fixed is open again"


@risk(
    "downgrade",
    before=_SERVER,
    breaks={"postgres:17.5": "postgres:18.1"},
    passes={"postgres:17.5": "postgres:17.6"},
)
def no_way_forward(comparison: Comparison) -> Iterator[Concern]:
    """A major version is gone to that does not take the data as it is, or from which no way leads back.

    PostgreSQL needs a dump or pg_upgrade, MariaDB, MySQL and Redis change their files for good, MongoDB,
    Elasticsearch, Nextcloud, Zammad and Longhorn must go through each version in turn (their manuals). Where an
    operator does the upgrade itself (CloudNativePG from 1.26, Zalando's), it is not told of.
    """
    for change, steps in _by_object(comparison):
        if (change.object.group, change.kind) in _UPGRADED_BY_OPERATOR:
            continue
        found: dict[str, tuple[_Step, Software]] = {}
        for step in sorted(steps, key=lambda step: not step.serves):
            software = step.known
            if software and software.forward and _skips(step, software) and _has_data(change, software):
                found.setdefault(software.name, (step, software))
        for step, software in found.values():
            passed = listed(f"{major}.{minor}" for major, minor in _passed(step, software))
            stopped = f"it does not start on such files unless {passed} has run on them in between"
            yield change.concern(
                f"{software.name} goes from {step.old} to {step.new}: {stopped if passed else software.forward}",
                do=software.do,
                field=step.field,
            )


def _skips(step: _Step, software: Software) -> bool:
    old, new = step.series(software.major)
    if step.is_back or not _is_older(old, new):
        return False
    if software.stops and software.one_by_one:
        return bool(_passed(step, software))
    if not software.one_by_one:
        return True
    last = min(len(old), len(new)) - 1
    return new[:last] != old[:last] or new[last] > old[last] + 1


def _passed(step: _Step, software: Software) -> list[tuple[int, int]]:
    """The series that must run on the way, and do not; `8` stands for any 8.x."""
    old, new = step.series(2)
    return [stop for stop in software.stops if stop[: len(old)] > old and stop < new]


def _has_data(change: Change, software: Software) -> bool:
    """Whether there is something to lose: a Redis without a volume is a cache."""
    pod = Pod.of(change.object)
    return software not in (_REDIS, _VALKEY) or pod is None or bool(claims_by_volume(pod))


# The last version whose files the fork reads.
_LAST_BEFORE_FORK: Final = {("Redis", "Valkey"): (7, 2), ("MySQL", "MariaDB"): (5, 7)}


@risk(
    "downgrade",
    before=_SERVER.replace("postgres:17.5", "redis:8.8.2"),
    breaks={"redis:8.8.2": "valkey/valkey:9.0.1"},
    passes={"redis:8.8.2": "redis:8.8.3"},
)
def other_server_on_data(comparison: Comparison) -> Iterator[Concern]:
    """Another database server takes the place of the one that has written the files.

    Valkey reads the files of Redis up to 7.2, MariaDB those of MySQL up to 5.7 (their manuals); other servers have
    nothing in common.
    """
    for pods in comparison.pods:
        for old, new in pods.containers():
            if old is None or new is None or new.init or not pods.new.runs_on:
                continue
            before, after = Image.of(old.manifest.get("image")), Image.of(new.manifest.get("image"))
            was, is_now = SOFTWARE.get(before.basename), SOFTWARE.get(after.basename)
            if was is None or is_now is None or was.name == is_now.name or not {was, is_now} <= _WITH_FILES:
                continue
            last, version = _LAST_BEFORE_FORK.get((was.name, is_now.name)), Version.of(before.tag)
            if last is None or version is None or version.series(2) > last:
                yield pods.change.concern(
                    f"{is_now.name} takes the place of {was.name} {before.tag}: it cannot read the files of that",
                    do=f"dump {was.name}, start {is_now.name} on an empty volume, and restore",
                    field=f"{new.field}.image",
                )


_SYSTEM: Final = re.compile(r"(?<![a-z])(alpine|bookworm|bullseye|buster|debian-\d+|stretch|trixie)(?![a-z])")


@risk(
    "downgrade",
    before=_SERVER,
    breaks={"postgres:17.5": "postgres:17.5-alpine"},
    passes={"postgres:17.5": "postgres:17.5-trixie"},
)
def texts_are_sorted_otherwise(comparison: Comparison) -> Iterator[Concern]:
    """A PostgreSQL runs on another system library, which sorts texts otherwise: its indexes of texts are wrong.

    Rows are not found, and unique keys come twice (PostgreSQL: Locale Data Changes). Alpine has another library than
    Debian, and each release of Debian another version of it; `17.5` says no release of Debian, but is none of Alpine.
    """
    for change, steps in _by_object(comparison):
        for step in steps:
            old, new = step.series(1)
            before, after = ((_SYSTEM.search(tag) or [""])[0] for tag in (step.old, step.new))
            differs = before != after and (bool(before and after) or "alpine" in (before, after))
            if step.known is _POSTGRES and differs and old == new:
                yield change.concern(
                    f"PostgreSQL goes from {step.old} to {step.new}, whose system library may sort texts otherwise: "
                    "indexes of texts would be wrong, rows not found and unique keys taken twice",
                    do="keep the system; or REINDEX DATABASE and ALTER DATABASE ... REFRESH COLLATION VERSION in each "
                    "database before anybody writes to it",
                    field=step.field,
                )


_STAGES: Final = {"alpha": 0, "beta": 1, "": 2}
_API_VERSION: Final = re.compile(r"v(\d+)(?:(alpha|beta)(\d+))?")


@risk(
    "downgrade",
    before="""
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: web, namespace: shop}
spec: {minAvailable: 1, selector: {matchLabels: {app: web}}}
""",
    breaks={"policy/v1": "policy/v1beta1"},
    passes={"minAvailable: 1": "minAvailable: 2"},
)
def api_version_goes_back(comparison: Comparison) -> Iterator[Concern]:
    """An object is written for an older version of its API: what that does not know is dropped.

    Older versions are taken out of Kubernetes and of operators after a while, and the object is refused then.
    """
    for change in comparison.changed():
        field = change.field("apiVersion")
        old, new = (str(value).rpartition("/")[2] for value in (field.old, field.new)) if field else ("", "")
        before, after = _api_rank(old), _api_rank(new)
        if before and after and after < before:
            yield change.concern(
                f"is written for {new}, an older version of its API than {old}",
                do=f"keep {old}; the older one is not served for ever",
                field="apiVersion",
            )


def _api_rank(version: str) -> tuple[int, int, int] | None:
    match = _API_VERSION.fullmatch(version)
    return (_STAGES[match[2] or ""], int(match[1]), int(match[3] or 0)) if match else None
