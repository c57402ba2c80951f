"""MariaDB, as BookStack's database.

Shows, with the StatefulSet's own arguments, environment, mounts and script: the server reports the settings that it was
given, and its settings are those that survive a loss of power; it listens on 3306, and its Service on 5432; what
BookStack writes keeps its characters; the application's user, the superuser and the exporter's user have just their
rights; a kill in the middle of writes loses nothing that was acknowledged and keeps nothing that was not; a stop is
clean while clients are connected; probes are red while the image sets the server up, and notice one that is gone or
hangs.

healthcheck.sh, which is the image's, is not here: `image_files` has one that does what that documents.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Manifest
from tests.real import images
from tests.real.conftest import Start, wait_until
from tests.real.pods import PROBES, Namespace, Running, notices_within, size

# Passwords reach the server as files, and can be anything.
SECRET = {
    "database": "bookstack",
    "username": "bookstack",
    "password": r"""it's "quoted" \ $HOME `id` %s; --""",
    "root-password": r"""'\' OR "1" = '1""",
    "exporter-password": r"""a'b\c"; DROP DATABASE bookstack; --""",
}
# What BookStack gives its connection (DB_HOST, and its own configuration).
CHARACTERS = "SET NAMES utf8mb4 COLLATE utf8mb4_unicode_ci"


@pytest.fixture(scope="module")
def bookstack(manifests: dict[str, Manifest], start: Start, tmp_path_factory: pytest.TempPathFactory) -> Namespace:
    folder = tmp_path_factory.mktemp("mariadb") / "bookstack"
    return Namespace(manifests, "bookstack", folder=folder, start=start, secrets={"bookstack-db-creds": SECRET})


@pytest.fixture(scope="module")
def started(bookstack: Namespace) -> Iterator[Running]:
    """On an empty volume: what the image does once, with the probes' verdicts meanwhile."""
    running = bookstack.pod("StatefulSet", "bookstack-db", "mariadb", images.held(images.mariadb())).start()
    yield running
    running.kill()


@pytest.fixture
def db(started: Running) -> Running:
    """The same server for each test; it is started again where one has ended it."""
    if started.server.process.poll() is not None:
        started.restart()
    return started.wait_for("readinessProbe")


MARIADB = ("mariadb", "--batch", "--skip-column-names", "--raw", "--unbuffered", "--default-character-set=utf8mb4")


def login(running: Running, user: str, host: str = "bookstack-db") -> tuple[str, ...]:
    """What a client wants; over the Service's name and port, as from another pod. Root comes in through the socket."""
    service = running.pod.namespace.manifest("Service", "bookstack-db")
    port = service["spec"]["ports"][0]["port"] if host == "bookstack-db" else 3306
    return (f"--user={user}",) if user == "root" else (f"--user={user}", f"--host={host}", f"--port={port}")


def password(user: str) -> dict[str, str]:
    key = {"root": "root-password", "exporter": "exporter-password"}.get(user, "password")
    return {"MYSQL_PWD": SECRET[key]}


def sql(running: Running, statement: str, *, user: str = "root", database: str = "", host: str = "bookstack-db") -> str:
    """What it answers: lines of values, or the error."""
    options = [*MARIADB, *login(running, user, host), f"--execute={statement}", database]
    done = running.execute(*options[: None if database else -1], env=password(user))
    return (done.stdout if done.returncode == 0 else done.stderr).strip()


def test_probes_are_red_while_the_image_sets_it_up(started: Running) -> None:
    # The server that the scripts run in answers on its socket, and nowhere else.
    wait_until(lambda: "port: 0" in started.server.log.read_text(), what="the server of the scripts")
    # It waits: the scripts have not run.
    assert started.execute("mariadb-admin", "ping").returncode == 0
    assert "port: 3306" not in started.server.log.read_text()
    for probe in PROBES:
        assert not started.succeeds(probe), f"{probe} is green, but no other pod can connect"
    started.pod.file(images.HOLD).write_text("")
    for probe in PROBES:
        started.wait_for(probe)


def test_the_server_reports_the_settings(db: Running) -> None:
    for argument in db.pod.container["args"]:
        name, _, value = argument.removeprefix("--").partition("=")
        value = str(size(f"{value}i")) if value.endswith("M") else value
        assert sql(db, f"SELECT @@global.{name.replace('-', '_')}") == value
    assert db.pod.container["ports"] == [{"name": "mysql", "containerPort": int(sql(db, "SELECT @@port"))}]


def test_it_is_set_up_to_survive_a_loss_of_power(db: Running) -> None:
    for name in ("innodb_flush_log_at_trx_commit", "innodb_doublewrite"):
        assert sql(db, f"SELECT @@global.{name}") == "1", name


def test_everybody_needs_a_password(db: Running) -> None:
    for user, host in ((SECRET["username"], "bookstack-db"), ("exporter", "127.0.0.1"), ("root", "")):
        assert sql(db, "SELECT SUBSTRING_INDEX(CURRENT_USER(), '@', 1)", user=user, host=host) == user
        for wrong in ("", "wrong"):
            statement = (*MARIADB, *login(db, user, host), "--execute=SELECT 1")
            assert "Access denied" in db.execute(*statement, env={"MYSQL_PWD": wrong}).stderr
    # Root comes in through the socket only, the exporter from its own pod only.
    for user, host in (("root", "127.0.0.1"), ("root", "bookstack-db"), ("exporter", "bookstack-db")):
        statement = (*MARIADB, f"--user={user}", *login(db, "", host)[1:], "--execute=SELECT 1")
        assert "denied" in db.execute(*statement, env=password(user)).stderr, user
    assert sql(db, "SELECT COUNT(*) FROM mysql.global_priv WHERE User = ''") == "0"


def test_the_application_has_its_database_and_nothing_else(db: Running) -> None:
    def application(statement: str) -> str:
        return sql(db, statement, user=SECRET["username"], database=SECRET["database"])

    assert application("CREATE TABLE t (a INT); INSERT INTO t VALUES (1); SELECT a FROM t; DROP TABLE t") == "1"
    # What a restore does.
    assert application("DROP DATABASE bookstack; CREATE DATABASE bookstack") == ""
    assert application("SHOW DATABASES").split() == ["bookstack", "information_schema"]
    for statement in (
        "CREATE DATABASE other",
        "CREATE USER other",
        "SELECT * FROM mysql.global_priv",
        "SET GLOBAL max_connections = 1",
        "SELECT 1 INTO OUTFILE '/var/lib/mysql/file'",
        "LOAD DATA INFILE '/etc/passwd' INTO TABLE t",
        "SHUTDOWN",
        "GRANT SELECT ON bookstack.* TO exporter@127.0.0.1",
    ):
        assert "denied" in application(statement), statement
    assert application("SELECT LOAD_FILE('/etc/passwd')") == "NULL"


def test_the_exporter_reads_the_servers_state_and_no_rows(db: Running) -> None:
    def exporter(statement: str) -> str:
        return sql(db, statement, user="exporter", host="127.0.0.1")

    sql(db, "CREATE TABLE views AS SELECT 1 AS id", user=SECRET["username"], database=SECRET["database"])
    assert exporter("SHOW GLOBAL STATUS LIKE 'Uptime'").startswith("Uptime\t")
    assert exporter("SHOW SLAVE STATUS") == ""
    db.client(*MARIADB, *login(db, SECRET["username"]), "--execute=SELECT SLEEP(900)", env=password(SECRET["username"]))
    others = f"SELECT COUNT(*) FROM information_schema.processlist WHERE user = '{SECRET['username']}'"
    wait_until(lambda: exporter(others) == "1", what="the others' connections")
    for statement in (
        "SELECT * FROM bookstack.views",
        "INSERT INTO bookstack.views VALUES (2)",
        "SELECT * FROM mysql.global_priv",
        "CREATE DATABASE other",
        "SET GLOBAL max_connections = 1",
    ):
        assert "denied" in exporter(statement), statement
    for _ in range(3):
        db.client(
            *MARIADB, *login(db, "exporter", "127.0.0.1"), "--execute=SELECT SLEEP(900)", env=password("exporter")
        )
    connected = "FROM information_schema.processlist WHERE user = 'exporter'"
    wait_until(lambda: sql(db, f"SELECT COUNT(*) {connected}") == "3", what="three connections")
    assert "max_user_connections" in exporter("SELECT 1")
    for user in ("exporter@127.0.0.1", SECRET["username"]):
        sql(db, f"KILL USER {user}")
    sql(db, "DROP TABLE bookstack.views")


def test_what_bookstack_writes_keeps_its_characters(db: Running) -> None:
    def application(statement: str) -> str:
        return sql(db, f"{CHARACTERS}; {statement}", user=SECRET["username"], database=SECRET["database"])

    # As its migrations make tables: with the server's character set and collation.
    application("CREATE TABLE pages (name VARCHAR(191) UNIQUE, html MEDIUMTEXT)")
    collation = "SELECT table_collation FROM information_schema.tables WHERE table_name = 'pages'"
    assert application(collation) == "utf8mb4_unicode_ci"
    text = "Größe 寸法 🧭 a\u0301"
    assert application(f"INSERT INTO pages VALUES ('{text}', REPEAT('🧭', 100000)); SELECT name FROM pages") == text
    assert application("SELECT CHAR_LENGTH(html), LENGTH(html) FROM pages") == "100000\t400000"
    assert application("SELECT COUNT(*) FROM pages WHERE name LIKE 'GRÖßE%'") == "1", "it finds regardless of case"
    application("DROP TABLE pages")


def test_a_kill_loses_nothing_that_was_acknowledged(db: Running, tmp_path: Path) -> None:
    user, database = SECRET["username"], SECRET["database"]
    sql(db, "CREATE TABLE killed (writer INT, number INT, content TEXT)", user=user, database=database)
    client = (*MARIADB, *login(db, user), database)
    # A transaction that is open all the while: of it, nothing may be there.
    unfinished = "INSERT INTO killed SELECT -1, seq, 'open' FROM seq_1_to_1000; SELECT SLEEP(900); COMMIT"
    db.client(*client, f"--execute=BEGIN; {unfinished}", env=password(user))
    answers = []
    for writer in range(4):
        statements, output = tmp_path / f"statements-{writer}", tmp_path / f"answers-{writer}"
        insert = f"INSERT INTO killed VALUES ({writer}, %d, MD5('%d')) RETURNING number;\n"
        statements.write_text("".join(insert % (number, number) for number in range(100_000)))
        # A line at a time: what it has written was acknowledged.
        db.client(*client, env=password(user), given=statements, output=output)
        answers.append(output)
    wait_until(lambda: all(file.stat().st_size > 2_000 for file in answers), what="writes")
    db.kill()

    # The same pod, as the kill has left it: with its socket.
    db.restart().wait_for("startupProbe")
    assert "Starting crash recovery" in db.server.log.read_text()
    for writer, file in enumerate(answers):
        acknowledged = [int(line) for line in file.read_text().split()]
        assert acknowledged == list(range(len(acknowledged)))
        assert 400 < len(acknowledged) < 100_000, "it was killed in the middle"
        kept = f"SELECT COUNT(*) FROM bookstack.killed WHERE writer = {writer} AND content = MD5(number)"
        assert sql(db, f"{kept} AND number < {len(acknowledged)}") == str(len(acknowledged))
        # The one that was on its way may be there or not.
        assert int(sql(db, kept)) <= len(acknowledged) + 1
    assert sql(db, "SELECT COUNT(*) FROM bookstack.killed WHERE writer < 0") == "0", "half of a transaction"
    assert sql(db, "CHECK TABLE bookstack.killed EXTENDED").endswith("OK")
    sql(db, "DROP TABLE bookstack.killed")


def test_a_stop_is_clean_while_clients_are_connected(db: Running) -> None:
    db.client(*MARIADB, *login(db, "root"), "--execute=SELECT SLEEP(900)", env=password("root"))
    sleeping = "SELECT COUNT(*) FROM information_schema.processlist WHERE info = 'SELECT SLEEP(900)'"
    wait_until(lambda: sql(db, sleeping) == "1", what="a client")
    assert db.stop() == 0
    assert "Shutdown complete" in db.server.tail()
    db.restart().wait_for("readinessProbe")
    assert "crash recovery" not in db.server.log.read_text()


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
