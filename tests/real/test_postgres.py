"""PostgreSQL, as Zammad's database.

Shows, with the StatefulSet's own arguments, environment, mounts and script: the server reports the settings that it was
given, and its settings are those that survive a loss of power; the application's role, the superuser and the exporter's
role have just their rights; all connections at once stay within the container's memory; a kill in the middle of writes
loses nothing that was acknowledged and keeps nothing that was not; a stop is clean while clients are connected; probes
are red while the image sets the server up, and notice one that is gone or hangs.
"""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.conftest import Manifest
from tests.real import images
from tests.real.conftest import Start, wait_until
from tests.real.pods import PROBES, Namespace, Running, notices_within, size

# Passwords reach the server as files, and can be anything; Zammad's own is part of a URL.
SECRET = {
    "database": "zammad_production",
    "username": "zammad",
    "password": "kX4vQ9sT2mWq",
    "postgres-password": r"""it's "quoted" \ $HOME `id` %s; --""",
    "exporter-password": r"""€'\"; DROP DATABASE zammad_production""",
}
DATABASE = SECRET["database"]


@pytest.fixture(scope="module")
def zammad(manifests: dict[str, Manifest], start: Start, tmp_path_factory: pytest.TempPathFactory) -> Namespace:
    folder = tmp_path_factory.mktemp("postgres") / "zammad"
    return Namespace(manifests, "zammad", folder=folder, start=start, secrets={"zammad-db-creds": SECRET})


@pytest.fixture(scope="module")
def started(zammad: Namespace) -> Iterator[Running]:
    """On an empty volume: what the image does once, with the probes' verdicts meanwhile."""
    running = zammad.pod("StatefulSet", "zammad-db", "postgres", images.held(images.postgres())).start()
    yield running
    running.kill()


@pytest.fixture
def db(started: Running) -> Running:
    """The same server for each test; it is started again where one has ended it."""
    if started.server.process.poll() is not None:
        started.restart()
    started.wait_for("readinessProbe")
    # What a test that failed has left.
    sql(started, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep'")
    return started


def login(user: str = "postgres", database: str = DATABASE, host: str = "zammad-db") -> dict[str, str]:
    """What a client wants; over the Service's name, as from another pod."""
    key = {"postgres": "postgres-password", "exporter": "exporter-password"}.get(user, "password")
    return {"PGHOST": host, "PGUSER": user, "PGDATABASE": database, "PGPASSWORD": SECRET[key]}


PSQL = ("psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1", "--no-password")


def sql(running: Running, statement: str, **of: str) -> str:
    """What it answers: lines of values, or the error."""
    done = running.execute(*PSQL, f"--command={statement}", env=login(**of))
    return (done.stdout if done.returncode == 0 else done.stderr).strip()


def memory(running: Running) -> int:
    """What all processes of the container have in memory, with shared pages once."""
    total = 0
    for process in running.processes():
        # One that has just ended has none.
        with suppress(FileNotFoundError, ProcessLookupError):
            lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
            total += sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
    return total


def test_probes_are_red_while_the_image_sets_it_up(started: Running) -> None:
    # The server that the scripts run in answers on its socket, and nowhere else.
    ready = "database system is ready to accept connections"
    wait_until(lambda: ready in started.server.log.read_text(), what="the server of the scripts")
    # It waits: the scripts have not run.
    assert started.execute("pg_isready", "--username=postgres").returncode == 0
    assert "listening on IPv4" not in started.server.log.read_text()
    for probe in PROBES:
        assert not started.succeeds(probe), f"{probe} is green, but no other pod can connect"
    started.pod.file(images.HOLD).write_text("")
    for probe in PROBES:
        started.wait_for(probe)


def test_the_server_reports_the_settings(db: Running) -> None:
    arguments = db.pod.container["args"]
    assert arguments[::2] == ["-c"] * (len(arguments) // 2)
    for argument in arguments[1::2]:
        name, _, value = argument.partition("=")
        setting = f"current_setting('{name}')"
        if value.endswith("MB"):
            setting, value = f"pg_size_bytes({setting})", str(int(value.removesuffix("MB")) * 2**20)
        assert sql(db, f"SELECT {setting}, source FROM pg_settings WHERE name = '{name}'") == f"{value}|command line"


def test_it_is_set_up_to_survive_a_loss_of_power(db: Running) -> None:
    for name in ("fsync", "synchronous_commit", "full_page_writes", "data_checksums"):
        assert sql(db, f"SHOW {name}") == "on", name


def test_everybody_needs_a_password(db: Running) -> None:
    for host in ("zammad-db", "127.0.0.1"):
        for user in ("postgres", SECRET["username"], "exporter"):
            assert sql(db, "SELECT current_user", user=user, host=host) == user
            for password, answer in {"": "no password supplied", "wrong": "password authentication failed"}.items():
                env = {**login(user, host=host), "PGPASSWORD": password}
                assert answer in db.execute(*PSQL, "--command=SELECT 1", env=env).stderr
    assert sql(db, "SELECT count(*) FROM pg_authid WHERE rolpassword NOT LIKE 'SCRAM-SHA-256$%'") == "0"


def test_the_application_owns_its_database_and_nothing_else(db: Running) -> None:
    def application(statement: str, database: str = DATABASE) -> str:
        return sql(db, statement, user=SECRET["username"], database=database)

    assert application("CREATE SCHEMA own; CREATE TABLE own.t (a int); DROP SCHEMA own CASCADE") == ""
    assert application("CREATE TABLE t (a text); INSERT INTO t VALUES ('ü') RETURNING a; DROP TABLE t") == "ü"
    role = "rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls"
    assert application(f"SELECT {role} FROM pg_roles WHERE rolname = current_user") == "f|f|f|f|f"
    assert sql(db, "SELECT datname FROM pg_database WHERE pg_get_userbyid(datdba) <> 'postgres'") == DATABASE
    for statement in (
        "CREATE ROLE other",
        "CREATE DATABASE other",
        "ALTER SYSTEM SET work_mem = '1GB'",
        "SELECT * FROM pg_authid",
        "SELECT pg_read_file('/etc/passwd')",
        "COPY (SELECT 1) TO PROGRAM 'id'",
        "SET ROLE postgres",
        "CREATE EXTENSION file_fdw",
    ):
        assert "ERROR:" in application(statement), statement
    assert "permission denied for schema public" in application("CREATE TABLE t (a int)", database="postgres")


def test_the_exporter_reads_the_servers_state_and_no_rows(db: Running) -> None:
    def exporter(statement: str) -> str:
        return sql(db, statement, user="exporter", host="127.0.0.1")

    sql(db, "CREATE TABLE tickets AS SELECT 1 AS id", user=SECRET["username"])
    assert exporter("SELECT pg_database_size(current_database()) > 0") == "t"
    assert exporter("SELECT count(*) FROM pg_stat_activity WHERE query = '<insufficient privilege>'") == "0"
    assert "/pgdata/postgresql.conf" in exporter("SHOW config_file"), "what only pg_monitor sees"
    for statement in (
        "SELECT * FROM tickets",
        "INSERT INTO tickets VALUES (2)",
        "CREATE TABLE own (a int)",
        "CREATE TEMPORARY TABLE own (a int)",
        "SELECT * FROM pg_authid",
        "SELECT pg_reload_conf()",
    ):
        assert "permission denied" in exporter(statement), statement
    for _ in range(3):
        db.client("psql", "--command=SELECT pg_sleep(900)", env=login("exporter"))
    connected = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'exporter'"
    wait_until(lambda: sql(db, connected) == "3", what="three connections")
    assert "too many connections" in exporter("SELECT 1")
    assert sql(db, connected.replace("count(*)", "count(pg_terminate_backend(pid))")) == "3"
    sql(db, "DROP TABLE tickets")


def test_all_connections_at_once_fit_the_memory(db: Running) -> None:
    arguments = dict(argument.split("=") for argument in db.pod.container["args"][1::2])
    # Three are the superuser's, and one is this test's.
    clients = int(arguments["max_connections"]) - 4
    script = "SELECT count(*) FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid;\\nSELECT pg_sleep(900);\\n"
    run = f"printf '{script}' >/tmp/script && exec pgbench --no-vacuum --client={clients} --file=/tmp/script"
    bench = db.client("sh", "-c", run, env=login(SECRET["username"], host="/var/run/postgresql"))
    sleeping = "FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
    wait_until(lambda: sql(db, f"SELECT count(*) {sleeping}") == str(clients), what="connections")
    # What they have not touched yet: the shared buffers, and for each what one sort may take.
    mib = {name: int(arguments[name].removesuffix("MB")) * 2**20 for name in ("shared_buffers", "work_mem")}
    most = memory(db) + mib["shared_buffers"] + clients * mib["work_mem"]
    assert most < size(db.pod.container["resources"]["limits"]["memory"])
    sql(db, f"SELECT pg_terminate_backend(pid) {sleeping}")
    bench.wait()


def test_a_kill_loses_nothing_that_was_acknowledged(db: Running, tmp_path: Path) -> None:
    application = login(SECRET["username"])
    sql(db, "CREATE TABLE killed (writer int, number int, content text)", user=SECRET["username"])
    # A transaction that is open all the while: of it, nothing may be there.
    unfinished = "INSERT INTO killed SELECT -1, n, 'open' FROM generate_series(1, 1000) n; SELECT pg_sleep(900); COMMIT"
    db.client("psql", f"--command=BEGIN; {unfinished}", env=application)
    answers = []
    for writer in range(4):
        statements, output = tmp_path / f"statements-{writer}", tmp_path / f"answers-{writer}"
        insert = f"INSERT INTO killed VALUES ({writer}, %d, md5('%d')) RETURNING number;\n"
        statements.write_text("".join(insert % (number, number) for number in range(100_000)))
        # A line at a time: what it has written was acknowledged.
        db.client("stdbuf", "--output=L", *PSQL, env=application, given=statements, output=output)
        answers.append(output)
    wait_until(lambda: all(file.stat().st_size > 2_000 for file in answers), what="writes")
    db.kill()

    # The same pod, as the kill has left it: with its lock files.
    db.restart().wait_for("startupProbe")
    assert "database system was not properly shut down" in db.server.log.read_text()
    for writer, file in enumerate(answers):
        acknowledged = [int(line) for line in file.read_text().split()]
        assert acknowledged == list(range(len(acknowledged)))
        assert 400 < len(acknowledged) < 100_000, "it was killed in the middle"
        kept = f"SELECT count(*) FROM killed WHERE writer = {writer} AND content = md5(number::text)"
        assert sql(db, f"{kept} AND number < {len(acknowledged)}") == str(len(acknowledged))
        # The one that was on its way may be there or not.
        assert int(sql(db, kept)) <= len(acknowledged) + 1
    assert sql(db, "SELECT count(*) FROM killed WHERE writer < 0") == "0", "half of a transaction"
    sql(db, "DROP TABLE killed")


def test_a_stop_is_clean_while_clients_are_connected(db: Running) -> None:
    db.client("psql", "--command=SELECT pg_sleep(900)", env=login())
    sleeping = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
    wait_until(lambda: sql(db, sleeping) == "1", what="a client")
    assert db.stop() == 0
    assert "database system is shut down" in db.server.tail()
    db.restart().wait_for("readinessProbe")
    assert "not properly shut down" not in db.server.log.read_text()


def test_probes_notice_a_server_that_is_gone_or_hangs(db: Running) -> None:
    container = db.pod.container
    # A verdict changes after so many failures in a row; that each comes within its timeout is shown below.
    assert notices_within(container, "readinessProbe") == 35
    assert notices_within(container, "livenessProbe") == 65
    assert notices_within(container, "startupProbe") == 605, "what a recovery may take"
    db.freeze(True)
    assert not db.succeeds("readinessProbe"), "green while it hangs"
    db.freeze(False)
    db.wait_for("readinessProbe")
    # Its process ends the container with it, which the kubelet restarts without asking a probe.
    db.kill()
