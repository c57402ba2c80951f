"""The Grafana dashboards: what somebody on call looks at, one for each service and each kind of server behind it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from typing import Any, ClassVar, Final, Literal, TypeAlias

Color: TypeAlias = Literal["green", "yellow", "red"]
Steps: TypeAlias = Sequence[tuple[float, Color]]

DATASOURCE: Final = "prometheus"
"""The uid of the datasource that every panel asks."""

_COLUMNS: Final = 24
_DAY: Final = 86400
# A few scrapes at least, and no gaps when zoomed out: Grafana fills it in.
_WINDOW: Final = "$__rate_interval"
_LAST: Final = {"calcs": ["lastNotNull"], "fields": "", "values": False}


@dataclass(frozen=True, slots=True)
class Panel:
    """One panel.

    Args:
        title: what it shows.
        queries: PromQL, or several by legend; `{{label}}` in a legend is filled in.
        unit: Grafana's id of the unit, such as `s`, `bytes` or `percentunit`.
        base: colour below the first step.
        steps: from which value on it has which colour.
        words: texts instead of values.
        empty: text instead of "No data", for what has no series while all is well.
        hint: what to know or to do, behind the panel's (i).
    """

    title: str
    queries: str | Mapping[str, str]
    unit: str = "none"
    _: KW_ONLY
    base: Color = "green"
    steps: Steps = ()
    words: Mapping[int, tuple[str, Color]] | None = None
    empty: str | None = None
    hint: str | None = None

    kind: ClassVar[str]
    height: ClassVar[int] = 8
    color: ClassVar[str] = "thresholds"
    range: ClassVar[bool] = False
    custom: ClassVar[Mapping[str, Any]] = {}
    options: ClassVar[Mapping[str, Any]]

    def to_model(self, number: int, *, x: int, y: int, width: int) -> dict[str, Any]:
        """The panel as Grafana reads it, at a place of the grid."""
        source = {"type": "prometheus", "uid": DATASOURCE}
        queries = {"": self.queries} if isinstance(self.queries, str) else self.queries
        # Green says that something is good; a value without steps is neither.
        base = self.base if self.steps else "blue"
        steps = [{"color": base, "value": None}, *({"color": color, "value": at} for at, color in self.steps)]
        defaults = {
            "unit": self.unit,
            "color": {"mode": self.color},
            "thresholds": {"mode": "absolute", "steps": steps},
            **self.custom,
        }
        if self.words:
            texts = {str(value): {"text": text, "color": color} for value, (text, color) in self.words.items()}
            defaults["mappings"] = [{"type": "value", "options": texts}]
        if self.empty:
            defaults["noValue"] = self.empty
        return {
            "id": number,
            "type": self.kind,
            "title": self.title,
            **({"description": self.hint} if self.hint else {}),
            "datasource": source,
            "gridPos": {"x": x, "y": y, "w": width, "h": self.height},
            "fieldConfig": {"defaults": defaults, "overrides": []},
            "options": self.options,
            "targets": [
                {
                    "refId": reference,
                    "datasource": source,
                    "editorMode": "code",
                    "expr": expr,
                    "legendFormat": legend,
                    "instant": not self.range,
                    "range": self.range,
                }
                for reference, (legend, expr) in zip("ABCDEF", queries.items(), strict=False)
            ],
        }


class Number(Panel):
    """The value now, on the colour that says whether it is good."""

    kind = "stat"
    height = 4
    options: ClassVar = {"reduceOptions": _LAST, "colorMode": "background", "graphMode": "none", "textMode": "auto"}


class Bars(Panel):
    """The values now of several things, one below the other."""

    kind = "bargauge"
    options: ClassVar = {"reduceOptions": _LAST, "displayMode": "basic", "orientation": "horizontal"}


class Graph(Panel):
    """Values over time, and the steps as dashed lines."""

    kind = "timeseries"
    color = "palette-classic"
    range = True
    custom: ClassVar = {
        "min": 0,
        "custom": {"fillOpacity": 10, "showPoints": "never", "thresholdsStyle": {"mode": "dashed"}},
    }
    options: ClassVar = {
        "legend": {"displayMode": "table", "placement": "bottom", "calcs": ["lastNotNull", "max"]},
        "tooltip": {"mode": "multi", "sort": "desc"},
    }


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Dashboard:
    """One dashboard.

    Args:
        name: of its file and its resource; a DNS label.
        title: as users see it.
        tag: what sort of thing it is about: `service`, `database` or `platform`.
        rows: lines of panels, from top to bottom; the panels of a line share its width.
    """

    name: str
    title: str
    tag: Literal["service", "database", "platform"]
    rows: Sequence[Sequence[Panel]]

    @property
    def uid(self) -> str:
        """What links contain: it stays when the title changes."""
        return f"vkm-{self.name}"

    def to_json(self) -> str:
        """The dashboard as Grafana reads it: a line for each panel, so that a review sees which one has changed."""
        panels: list[dict[str, Any]] = []
        y = 0
        for row in self.rows:
            width = _COLUMNS // len(row)
            for column, panel in enumerate(row):
                panels.append(panel.to_model(len(panels) + 1, x=column * width, y=y, width=width))
            y += max(panel.height for panel in row)
        head = {
            "uid": self.uid,
            "title": self.title,
            "tags": ["vkm", self.tag],
            "schemaVersion": 42,
            "editable": True,
            "graphTooltip": 1,
            "refresh": "1m",
            "time": {"from": "now-6h", "to": "now"},
            "timezone": "browser",
            "annotations": {"list": []},
            "templating": {"list": []},
        }
        lines = [f"{json.dumps(key)}: {json.dumps(value)},\n" for key, value in head.items()]
        return "{\n" + "".join(lines) + '"panels": [\n' + ",\n".join(map(json.dumps, panels)) + "\n]}\n"


def dashboards() -> list[Dashboard]:
    """All of them, by name."""
    return [
        _bookstack(),
        _grafana(),
        _longhorn(),
        _mariadb(),
        _memcached(),
        _postgresql(),
        _prometheus(),
        _redis(),
        _secrets(),
        _traefik(),
        _zammad(),
    ]


_UP_OR_DOWN: Mapping[int, tuple[str, Color]] = {0: ("down", "red"), 1: ("up", "green")}
_ERRORS: Steps = [(0.01, "yellow"), (0.05, "red")]
_LATENCY: Steps = [(1, "yellow"), (3, "red")]
_FULL: Steps = [(0.8, "yellow"), (0.9, "red")]
# Renewed with 30 days left.
_EXPIRY: Steps = [(10 * _DAY, "yellow"), (21 * _DAY, "green")]
# Backed up every day.
_BACKUP_AGE: Steps = [(26 * 3600, "yellow"), (36 * 3600, "red")]
_BUCKETS_HINT = "Traefik's buckets are coarse (0.1, 0.3, 1.2 and 5 seconds): a trend, not a measurement."
_POOL_HINT = "More than a few per cent for long: the buffer pool is too small."


def _of(metric: str, labels: str) -> str:
    return f"{metric}{{{labels}}}" if labels else metric


def _rate(metric: str, labels: str = "") -> str:
    return f"rate({_of(metric, labels)}[{_WINDOW}])"


def _share(bad: str, all_: str, by: str = "") -> str:
    """The bad ones' share: 0 while there is none of them, nothing while there is nothing at all."""
    sum_ = f"sum by ({by}) " if by else "sum"
    return f"({sum_}({bad}) or 0 * {sum_}({all_})) / ({sum_}({all_}) > 0)"


def _quantile(share: float, metric: str, labels: str = "", by: str = "") -> str:
    kept = f"le, {by}" if by else "le"
    return f"histogram_quantile({share}, sum by ({kept}) ({_rate(metric, labels)}))"


def _up(title: str, queries: Mapping[str, str]) -> Panel:
    """Whether servers answer their exporters."""
    return Number(title, queries, base="red", steps=[(1, "green")], words=_UP_OR_DOWN)


_REQUESTS = "traefik_service_requests_total"
_DURATION = "traefik_service_request_duration_seconds_bucket"
# A websocket lasts as long as its user stays: that is no slow answer.
_HTTP = 'protocol="http"'


def _requests(namespace: str) -> Sequence[Sequence[Panel]]:
    """The traffic of one namespace's routes, as Traefik sees it: the users' view of the service."""
    routes = f'service=~"{namespace}-.*"'
    errors = _share(_rate(_REQUESTS, f'{routes},code=~"5.."'), _rate(_REQUESTS, routes))
    quantiles = {share: _quantile(share, _DURATION, f"{routes},{_HTTP}") for share in (0.5, 0.95)}
    return [
        [
            Number("Requests", f"sum({_rate(_REQUESTS, routes)})", "reqps"),
            Number("Failing (5xx)", errors, "percentunit", steps=_ERRORS, empty="no requests"),
            Number("Answered within (p95)", f"{quantiles[0.95]} > 0", "s", steps=_LATENCY, empty="no requests"),
        ],
        [
            Graph("Requests by status", {"{{code}}": f"sum by (code) ({_rate(_REQUESTS, routes)})"}, "reqps"),
            Graph(
                "Answered within",
                {f"p{share * 100:.0f}": expr for share, expr in quantiles.items()},
                "s",
                steps=_LATENCY,
                hint=_BUCKETS_HINT,
            ),
        ],
    ]


def _volumes(namespace: str) -> Sequence[Panel]:
    """How full one namespace's volumes are, and their backups."""
    of = f'namespace="{namespace}"'
    free = f"kubelet_volume_stats_available_bytes{{{of}}} / kubelet_volume_stats_capacity_bytes{{{of}}}"
    return [
        Bars(
            "Volumes: space used",
            # Each pod that mounts it has its own say.
            {"{{persistentvolumeclaim}}": f"max by (persistentvolumeclaim) (1 - {free})"},
            "percentunit",
            steps=_FULL,
            empty="the kubelets are not scraped",
        ),
        _backups("{{pvc}}", f'pvc_namespace="{namespace}"'),
    ]


def _backups(legend: str, labels: str = "") -> Panel:
    backup = _of("longhorn_volume_last_backup_at", labels)
    return Bars(
        "Volumes: time since the last backup",
        {legend: f"time() - ({backup} > 0)"},
        "s",
        steps=_BACKUP_AGE,
        empty="no backups",
        hint="Volumes without any backup are missing here.",
    )


def _bookstack() -> Dashboard:
    of = 'job="bookstack-db"'
    slow = _rate("mysql_global_status_slow_queries", of)
    return Dashboard(
        name="bookstack",
        title="BookStack",
        tag="service",
        rows=[
            *_requests("bookstack"),
            [
                _up("MariaDB", {"": f"mysql_up{{{of}}}"}),
                Number("MariaDB: connections", _mysql_connections(of), "percentunit", steps=_FULL),
                Number("MariaDB: slow queries", slow, "ops", steps=[(0.2, "yellow")]),
            ],
            [
                Graph("MariaDB: queries", {"queries": _rate("mysql_global_status_queries", of)}, "ops"),
                Graph(
                    "MariaDB: pages read from disk",
                    {"of all that were asked for": _mysql_disk_reads(of)},
                    "percentunit",
                    hint=_POOL_HINT,
                ),
            ],
            _volumes("bookstack"),
        ],
    )


def _zammad() -> Dashboard:
    database, redis, memcached = 'job="zammad-db"', 'job="zammad-redis"', 'job="zammad-memcached"'
    return Dashboard(
        name="zammad",
        title="Zammad",
        tag="service",
        rows=[
            *_requests("zammad"),
            [
                _up(
                    "Servers",
                    {
                        "PostgreSQL": f"pg_up{{{database}}}",
                        "Redis": f"redis_up{{{redis}}}",
                        "memcached": f"memcached_up{{{memcached}}}",
                    },
                ),
                Number("PostgreSQL: connections", _pg_connections(database), "percentunit", steps=_FULL),
            ],
            [
                Graph(
                    "PostgreSQL: connections",
                    {"{{state}}": f"sum by (state) (pg_stat_activity_count{{{database}}})"},
                    hint="Idle in a transaction, and growing: a process of Zammad hangs.",
                ),
                Graph(
                    "Memory used, of what is allowed",
                    {
                        "Redis": f"redis_memory_used_bytes{{{redis}}} / (redis_memory_max_bytes{{{redis}}} > 0)",
                        "memcached": f"memcached_current_bytes{{{memcached}}} / memcached_limit_bytes{{{memcached}}}",
                    },
                    "percentunit",
                    steps=[(0.9, "red")],
                    hint="memcached is meant to fill up. Redis holds sessions: when it is full, it refuses to write.",
                ),
            ],
            _volumes("zammad"),
        ],
    )


def _traefik() -> Dashboard:
    everything = "traefik_entrypoint_requests_total"
    errors = _rate(_REQUESTS, 'code=~"5.."'), _rate(_REQUESTS)
    left = "min by (sans) (traefik_tls_certs_not_after) - time()"
    return Dashboard(
        name="traefik",
        title="Traefik",
        tag="service",
        rows=[
            [
                Number("Replicas", 'sum(up{job="traefik"})', base="red", steps=[(2, "yellow"), (3, "green")]),
                Number("Requests", f"sum({_rate(everything)})", "reqps"),
                Number("Failing (5xx)", _share(*errors), "percentunit", steps=_ERRORS, empty="no requests"),
                Number("Next certificate to expire", f"min({left})", "dtdurations", base="red", steps=_EXPIRY),
            ],
            [
                Graph("Requests by service", {"{{service}}": f"sum by (service) ({_rate(_REQUESTS)})"}, "reqps"),
                Graph(
                    "Failing (5xx) by service",
                    {"{{service}}": _share(*errors, by="service")},
                    "percentunit",
                    steps=_ERRORS,
                ),
            ],
            [
                Graph(
                    "Answered within (p95), by service",
                    {"{{service}}": _quantile(0.95, _DURATION, _HTTP, by="service")},
                    "s",
                    steps=_LATENCY,
                    hint=_BUCKETS_HINT,
                ),
                Graph(
                    "Open connections",
                    {"{{entrypoint}} {{protocol}}": "sum by (entrypoint, protocol) (traefik_open_connections)"},
                ),
            ],
            [
                Graph(
                    "Requests by entry point and status",
                    {"{{entrypoint}} {{code}}": f"sum by (entrypoint, code) ({_rate(everything)})"},
                    "reqps",
                    hint="404 that no service has: a host that no route knows.",
                ),
                Bars("Certificates: time left", {"{{sans}}": left}, "dtdurations", base="red", steps=_EXPIRY),
            ],
        ],
    )


def _mysql_connections(labels: str = "") -> str:
    used = _of("mysql_global_status_threads_connected", labels)
    return f"{used} / {_of('mysql_global_variables_max_connections', labels)}"


def _mysql_disk_reads(labels: str = "") -> str:
    pool = "mysql_global_status_innodb_buffer_pool_"
    return f"{_rate(pool + 'reads', labels)} / {_rate(pool + 'read_requests', labels)}"


def _mariadb() -> Dashboard:
    status = "mysql_global_status_"
    # `old` is a part of `data`.
    pool = f'{status}buffer_pool_pages{{state!="old"}} * on (job, instance) group_left {status}innodb_page_size'
    return Dashboard(
        name="mariadb",
        title="MariaDB",
        tag="database",
        rows=[
            [
                _up("Server", {"{{job}}": "mysql_up"}),
                Number("Running for", {"{{job}}": status + "uptime"}, "dtdurations"),
                Number("Connections", {"{{job}}": _mysql_connections()}, "percentunit", steps=_FULL),
                Number(
                    "Refused connections, last hour",
                    {"{{job}}": f"increase({status}aborted_connects[1h])"},
                    steps=[(10, "yellow")],
                    hint="Wrong credentials, or more connections than are allowed.",
                ),
            ],
            [
                Graph(
                    "Connections",
                    {
                        "{{job}} open": status + "threads_connected",
                        "{{job}} at work": status + "threads_running",
                        "{{job}} allowed": "mysql_global_variables_max_connections",
                    },
                ),
                Graph(
                    "Statements",
                    {
                        f"{{{{job}}}} {command}": _rate(status + "commands_total", f'command="{command}"')
                        for command in ("select", "insert", "update", "delete")
                    },
                    "ops",
                ),
            ],
            [
                Graph("Slow queries", {"{{job}}": _rate(status + "slow_queries")}, "ops", steps=[(0.2, "red")]),
                Graph("Waits for row locks", {"{{job}}": _rate(status + "innodb_row_lock_waits")}, "ops"),
            ],
            [
                Graph("Buffer pool", {"{{job}} {{state}}": pool}, "bytes"),
                Graph(
                    "Pages read from disk",
                    {"{{job}}, of all that were asked for": _mysql_disk_reads()},
                    "percentunit",
                    hint=_POOL_HINT,
                ),
            ],
        ],
    )


# PostgreSQL's own databases say nothing of the service.
_OURS = 'datname!~"template.*|postgres"'


def _pg_connections(labels: str = "") -> str:
    used = f"sum by (job) ({_of('pg_stat_activity_count', labels)})"
    return f"{used} / max by (job) ({_of('pg_settings_max_connections', labels)})"


def _postgresql() -> Dashboard:
    database = "pg_stat_database_"
    hits, reads = _rate(database + "blks_hit", _OURS), _rate(database + "blks_read", _OURS)
    return Dashboard(
        name="postgresql",
        title="PostgreSQL",
        tag="database",
        rows=[
            [
                _up("Server", {"{{job}}": "pg_up"}),
                Number("Connections", {"{{job}}": _pg_connections()}, "percentunit", steps=_FULL),
                Number(
                    "Longest transaction",
                    {"{{job}}": f"max by (job) (pg_stat_activity_max_tx_duration{{{_OURS}}})"},
                    "s",
                    steps=[(300, "yellow"), (1800, "red")],
                    hint="While it lasts, nothing that was deleted since can be cleaned up.",
                ),
                Number(
                    "Deadlocks, last hour",
                    {"{{job}}": f"sum by (job) (increase({database}deadlocks{{{_OURS}}}[1h]))"},
                    steps=[(1, "yellow"), (20, "red")],
                ),
            ],
            [
                Graph(
                    "Connections",
                    {
                        "{{job}} {{state}}": "sum by (job, state) (pg_stat_activity_count)",
                        "{{job}} allowed": "max by (job) (pg_settings_max_connections)",
                    },
                ),
                Graph(
                    "Transactions",
                    {
                        "{{datname}} committed": _rate(database + "xact_commit", _OURS),
                        "{{datname}} rolled back": _rate(database + "xact_rollback", _OURS),
                    },
                    "ops",
                ),
            ],
            [
                Graph(
                    "Rows changed",
                    {
                        f"{{{{datname}}}} {change}": _rate(f"{database}tup_{change}", _OURS)
                        for change in ("inserted", "updated", "deleted")
                    },
                    "ops",
                ),
                Graph(
                    "Blocks found in memory",
                    {"{{datname}}": f"{hits} / ({hits} + {reads} > 0)"},
                    "percentunit",
                    hint="Below 99 % for long: shared_buffers is too small.",
                ),
            ],
            [
                Graph("Size", {"{{datname}}": f"pg_database_size_bytes{{{_OURS}}}"}, "bytes"),
                Graph(
                    "Written to temporary files",
                    {"{{datname}}": _rate(database + "temp_bytes", _OURS)},
                    "Bps",
                    hint="What is sorted or joined does not fit into work_mem.",
                ),
            ],
        ],
    )


def _redis() -> Dashboard:
    hits, misses = _rate("redis_keyspace_hits_total"), _rate("redis_keyspace_misses_total")
    used, allowed = "redis_memory_used_bytes", "redis_memory_max_bytes > 0"
    return Dashboard(
        name="redis",
        title="Redis",
        tag="database",
        rows=[
            [
                _up("Server", {"{{job}}": "redis_up"}),
                Number("Running for", {"{{job}}": "redis_uptime_in_seconds"}, "dtdurations"),
                Number("Memory", {"{{job}}": f"{used} / ({allowed})"}, "percentunit", steps=_FULL, empty="no limit"),
                Number(
                    "Last write to disk",
                    {"{{job}}": "redis_aof_last_write_status"},
                    base="red",
                    steps=[(1, "green")],
                    words={0: ("failed", "red"), 1: ("good", "green")},
                ),
            ],
            [
                Graph("Memory", {"{{job}} used": used, "{{job}} allowed": allowed}, "bytes"),
                Graph(
                    "Clients",
                    {"{{job}} connected": "redis_connected_clients", "{{job}} waiting": "redis_blocked_clients"},
                    hint="Some always wait: for the next message.",
                ),
            ],
            [
                Graph("Commands", {"{{job}}": _rate("redis_commands_processed_total")}, "ops"),
                Graph(
                    "Keys gone",
                    {
                        "{{job}} expired": _rate("redis_expired_keys_total"),
                        "{{job}} evicted": _rate("redis_evicted_keys_total"),
                    },
                    "ops",
                    hint="A Redis that holds sessions must not evict any.",
                ),
            ],
            [
                Graph("Reads that found a key", {"{{job}}": f"{hits} / ({hits} + {misses} > 0)"}, "percentunit"),
                Graph("Keys", {"{{job}} {{db}}": "redis_db_keys > 0"}),
            ],
        ],
    )


def _memcached() -> Dashboard:
    commands = "memcached_commands_total"
    found = _share(_rate(commands, 'command="get",status="hit"'), _rate(commands, 'command="get"'), by="job")
    return Dashboard(
        name="memcached",
        title="memcached",
        tag="database",
        rows=[
            [
                _up("Server", {"{{job}}": "memcached_up"}),
                Number("Running for", {"{{job}}": "memcached_uptime_seconds"}, "dtdurations"),
                Number("Memory", {"{{job}}": "memcached_current_bytes / memcached_limit_bytes"}, "percentunit"),
                Number("Reads that found a key", {"{{job}}": found}, "percentunit", empty="no reads"),
            ],
            [
                Graph("Reads that found a key", {"{{job}}": found}, "percentunit"),
                Graph("Commands", {"{{job}} {{command}}": f"sum by (job, command) ({_rate(commands)})"}, "ops"),
            ],
            [
                Graph(
                    "Evicted before they expired",
                    {"{{job}}": _rate("memcached_items_evicted_total")},
                    "ops",
                    hint="Many, while few reads find their key: it is too small.",
                ),
                Graph(
                    "Connections",
                    {"{{job}} open": "memcached_current_connections", "{{job}} allowed": "memcached_max_connections"},
                ),
            ],
        ],
    )


def _longhorn() -> Dashboard:
    robustness = "longhorn_volume_robustness"
    used = "longhorn_node_storage_usage_bytes / longhorn_node_storage_capacity_bytes"
    nodes: Steps = [(0.7, "yellow"), (0.85, "red")]
    volume = "{{pvc_namespace}}/{{pvc}}"
    return Dashboard(
        name="longhorn",
        title="Longhorn",
        tag="platform",
        rows=[
            [
                Number("Volumes healthy", f'sum({robustness}{{state="healthy"}})'),
                Number(
                    "Volumes degraded",
                    f'sum({robustness}{{state="degraded"}})',
                    steps=[(1, "yellow")],
                    hint="A copy is missing or being rebuilt. The data is there.",
                ),
                Number(
                    "Volumes faulted",
                    f'sum({robustness}{{state="faulted"}})',
                    steps=[(1, "red")],
                    hint="No copy works. Delete nothing: look at Longhorn's UI first, then for the last backup.",
                ),
                Number(
                    "Volumes read-only", "sum(longhorn_volume_file_system_read_only)", steps=[(1, "red")], empty="none"
                ),
                Number("Backups failed", "count(longhorn_backup_state == 4)", steps=[(1, "red")], empty="none"),
                Number("Fullest node", f"max({used})", "percentunit", steps=nodes),
            ],
            [
                Graph(
                    "Volumes that are not healthy",
                    {f"{volume} {{{{state}}}}": f'{robustness}{{state!="healthy"}} == 1'},
                    empty="none",
                    hint="Unknown: it is detached, because no pod uses it.",
                ),
                Graph("Nodes: storage used", {"{{node}}": used}, "percentunit", steps=nodes),
            ],
            [
                Bars(
                    "Volumes: space used, of their size",
                    {volume: "longhorn_volume_actual_size_bytes / longhorn_volume_capacity_bytes"},
                    "percentunit",
                    steps=[(1.5, "yellow"), (2.5, "red")],
                    hint="Snapshots count, so more than 100 % is usual.",
                ),
                _backups(volume),
            ],
            [
                Graph(
                    "Read and written",
                    {
                        f"{volume} read": "longhorn_volume_read_throughput",
                        f"{volume} written": "longhorn_volume_write_throughput",
                    },
                    "Bps",
                ),
                Graph("Time to write", {volume: "longhorn_volume_write_latency"}, "ns"),
            ],
        ],
    )


def _secrets() -> Dashboard:
    # The exporter's own label `namespace`, which Prometheus renames: it has one for the pod that was scraped.
    name = "{{exported_namespace}}/{{name}}"
    left = "(certmanager_certificate_expiration_timestamp_seconds > 0) - time()"
    renewal = "(certmanager_certificate_renewal_timestamp_seconds > 0) - time()"
    not_ready = 'condition="Ready",status="False"'
    attempts = f"sum by (controller) ({_rate('certmanager_controller_sync_error_count')}) > 0"
    return Dashboard(
        name="secrets",
        title="Certificates and secrets",
        tag="platform",
        rows=[
            [
                Number("Next certificate to expire", f"min({left})", "dtdurations", base="red", steps=_EXPIRY),
                Number(
                    "Certificates not ready",
                    'sum(certmanager_certificate_ready_status{condition!="True"})',
                    steps=[(1, "red")],
                    hint="kubectl describe certificate, then its order and its challenge.",
                ),
                Number(
                    "Issuers not ready",
                    'sum(certmanager_clusterissuer_ready_status{condition!="True"})',
                    steps=[(1, "red")],
                ),
                Number(
                    "Secrets not ready",
                    f"sum(externalsecret_status_condition{{{not_ready}}})",
                    steps=[(1, "red")],
                    hint="What was read before stays: pods go on with the old values.",
                ),
                Number(
                    "Stores not ready",
                    f"sum(clustersecretstore_status_condition{{{not_ready}}})",
                    steps=[(1, "red")],
                    hint="Is the token of 1Password's service account still valid?",
                ),
                Number(
                    "Failed reads, last hour",
                    "sum(increase(externalsecret_sync_calls_error[1h]))",
                    steps=[(1, "yellow")],
                ),
            ],
            [
                Bars("Certificates: time left", {name: left}, "dtdurations", base="red", steps=_EXPIRY),
                Bars(
                    "Certificates: time to renewal",
                    {name: renewal},
                    "dtdurations",
                    base="red",
                    steps=[(0, "green")],
                    hint="Red: it should have been renewed already.",
                ),
            ],
            [
                Graph("Certificates: failed attempts", {"{{controller}}": attempts}, "ops", empty="none"),
                Graph(
                    "Calls to 1Password, last hour",
                    {
                        "{{call}} {{status}}": (
                            "sum by (call, status) (increase(externalsecret_provider_api_calls_count[1h]))"
                        )
                    },
                    hint="1Password limits them by the hour and by the day.",
                ),
            ],
        ],
    )


def _grafana() -> Dashboard:
    requests = "grafana_http_request_duration_seconds_count"
    return Dashboard(
        name="grafana",
        title="Grafana",
        tag="platform",
        rows=[
            [
                Number("Up", 'sum(up{job="grafana"})', base="red", steps=[(1, "green")]),
                Number("Requests a second", f"sum(rate({requests}[$__rate_interval]))"),
                Number(
                    "Failing",
                    f'sum(rate({requests}{{status_code=~"5.."}}[$__rate_interval]))'
                    f" / sum(rate({requests}[$__rate_interval]))",
                    "percentunit",
                    steps=[(0.05, "red")],
                    empty="none",
                ),
                Number("Memory", 'process_resident_memory_bytes{job="grafana"}', "bytes"),
            ],
            [
                Graph(
                    "Requests",
                    {"{{status_code}}": f"sum by (status_code) (rate({requests}[$__rate_interval]))"},
                ),
                Graph(
                    "95 % are faster than",
                    {
                        "all": "histogram_quantile(0.95, sum by (le) "
                        "(rate(grafana_http_request_duration_seconds_bucket[$__rate_interval])))"
                    },
                    "s",
                ),
            ],
        ],
    )


def _prometheus() -> Dashboard:
    blocks, log = "prometheus_tsdb_storage_blocks_bytes", "prometheus_tsdb_wal_storage_size_bytes"
    firing = 'ALERTS{alertstate="firing"}'
    return Dashboard(
        name="prometheus",
        title="Prometheus",
        tag="platform",
        rows=[
            [
                Number("Targets up", "sum(up)"),
                Number("Targets down", "count(up == 0)", steps=[(1, "red")], empty="none"),
                Number("Alerts firing", f"count({firing})", steps=[(1, "red")], empty="none"),
                Number(
                    "Configuration",
                    "prometheus_config_last_reload_successful",
                    base="red",
                    steps=[(1, "green")],
                    words={0: ("refused", "red"), 1: ("loaded", "green")},
                ),
                Number(
                    "Rules failing, last hour",
                    "sum(increase(prometheus_rule_evaluation_failures_total[1h]))",
                    steps=[(1, "red")],
                ),
                Number("On disk", f"{blocks} + {log}", "bytes"),
            ],
            [
                Graph(
                    "Alerts firing",
                    {"{{alertname}} ({{severity}})": f"count by (alertname, severity) ({firing})"},
                    empty="none",
                ),
                Graph("Targets down", {"{{job}} {{pod}}": "1 - up == 1"}, empty="none"),
            ],
            [
                Graph("Time to scrape", {"{{job}}": "max by (job) (scrape_duration_seconds)"}, "s"),
                Graph("Series", {"{{job}}": "sum by (job) (scrape_samples_post_metric_relabeling)"}),
            ],
            [
                Graph(
                    "On disk",
                    {"blocks": blocks, "write-ahead log": log, "allowed": "prometheus_tsdb_retention_limit_bytes > 0"},
                    "bytes",
                ),
                Graph("Memory", {"{{pod}}": 'process_resident_memory_bytes{job="prometheus"}'}, "bytes"),
            ],
        ],
    )
