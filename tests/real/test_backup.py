"""Dumps, restore drills and restores, of PostgreSQL and MariaDB.

Shows, with the CronJobs' own scripts, environment and mounts, and docs/operations.md's own commands: a dump holds what
the server holds, and a restore of it into an empty server is the same row by row; it shows one moment, while the
application goes on writing; the newest are kept, and what is no dump of this name is left alone; a dump that fails says
so, leaves nothing that looks like one, and no older one goes; a drill restores and counts the newest, and fails loudly,
with the reason in its last line, where it is missing, old, cut off, changed or lacks what it should hold.
"""

import hashlib
import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.conftest import ROOT, Manifest
from tests.real import images
from tests.real.conftest import PATIENCE, Start, wait_until
from tests.real.pods import Image, Namespace, Pod, Running

ROWS = 5_000

# The tables that the drills want, with every byte and with what is special in SQL and in COPY; names that want quotes;
# what is not in tables; and what depends on the order of a restore.
POSTGRES = f"""
CREATE TABLE users (id bigserial PRIMARY KEY, name text NOT NULL, seen timestamptz, odd numeric);
INSERT INTO users (name, seen, odd) SELECT
  CASE n % 4 WHEN 0 THEN 'Größe 寸法 🧭 ' || n WHEN 1 THEN E'tab\\t new\\nline \\\\N \\\\. ' || n
    WHEN 2 THEN $$it's "so" $$ || n ELSE '' END,
  CASE WHEN n % 3 > 0 THEN '2026-11-24 01:10:00.123456+01'::timestamptz + n * interval '1 hour' END,
  CASE n % 3 WHEN 0 THEN 'NaN' WHEN 1 THEN n::numeric ^ 20 / 7 END
  FROM generate_series(1, {ROWS}) n;
CREATE TABLE tickets (id serial PRIMARY KEY, owner bigint NOT NULL REFERENCES users, content bytea, tags text[],
  preferences jsonb, total int GENERATED ALWAYS AS (owner * 2) STORED);
INSERT INTO tickets (owner, content, tags, preferences) SELECT n,
  (SELECT string_agg(set_byte('\\x00', 0, (n + b) % 256), '') FROM generate_series(0, 255) b),
  ARRAY['a,b', NULL, '"', '{{}}'], jsonb_build_object('key "' || n, ARRAY[n, NULL])
  FROM generate_series(1, {ROWS}) n;
CREATE INDEX ON tickets USING gin (preferences);
CREATE SCHEMA "Other ""schema"" =%";
CREATE TABLE "Other ""schema"" =%"."select * from ü; --" ("a b" text, "A B" text, "$1" text);
INSERT INTO "Other ""schema"" =%"."select * from ü; --" VALUES ('1', NULL, '');
CREATE TABLE parts (at date, n int) PARTITION BY RANGE (at);
CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE TABLE parts_rest PARTITION OF parts DEFAULT;
INSERT INTO parts SELECT '2026-01-01'::date + n, n FROM generate_series(1, 1000) n;
CREATE TABLE empty ();
CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN new.seen := now(); RETURN new; END $$;
CREATE TRIGGER stamp BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION stamp();
CREATE VIEW seen AS SELECT name FROM users WHERE seen IS NOT NULL;
CREATE MATERIALIZED VIEW totals AS SELECT count(*) AS n FROM tickets;
SELECT lo_from_bytea(0, decode(repeat(md5(n::text), 1000), 'hex')) FROM generate_series(1, 20) n;
CREATE TABLE debit (n int); CREATE TABLE credit (n int);
"""
MARIADB = f"""
CREATE TABLE users (id BIGINT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(191) NOT NULL, seen DATETIME(6),
  odd DECIMAL(60, 20));
INSERT INTO users (name, seen, odd) SELECT
  CASE seq % 4 WHEN 0 THEN CONCAT('Größe 寸法 🧭 ', seq) WHEN 1 THEN CONCAT('tab\\t new\\nline \\\\N \\\\. \\Z ', seq)
    WHEN 2 THEN CONCAT('it''s "so" ', seq) ELSE '' END,
  IF(seq % 3 > 0, '2026-11-24 01:10:00.123456' + INTERVAL seq HOUR, NULL),
  IF(seq % 3 = 1, POW(seq, 8) / 7, NULL) FROM seq_1_to_{ROWS};
CREATE TABLE migrations (id INT PRIMARY KEY, owner BIGINT NOT NULL, content LONGBLOB, tags SET('a', 'b'), flags BIT(12),
  preferences JSON, total BIGINT AS (owner * 2) STORED, FOREIGN KEY (owner) REFERENCES users (id));
INSERT INTO migrations (id, owner, content, tags, flags, preferences) SELECT seq, seq,
  (SELECT GROUP_CONCAT(CHAR((b.seq + n.seq) % 256) ORDER BY b.seq SEPARATOR '') FROM seq_0_to_255 b),
  'a,b', seq % 4096, JSON_OBJECT(CONCAT('key "', seq), JSON_ARRAY(seq, NULL)) FROM seq_1_to_{ROWS} n;
CREATE TABLE `select * from ü; --``"'` (`a b` TEXT, `$1` TEXT CHARACTER SET latin1, `from` DOUBLE);
INSERT INTO `select * from ü; --``"'` VALUES ('1', 'é', 1e-300), (NULL, '', -0.1);
CREATE TABLE nothing (n INT);
CREATE TRIGGER stamp BEFORE UPDATE ON users FOR EACH ROW SET NEW.seen = NOW(6);
CREATE FUNCTION twice(n INT) RETURNS INT DETERMINISTIC RETURN n * 2;
CREATE PROCEDURE nothing() SELECT 1;
CREATE EVENT nightly ON SCHEDULE EVERY 1 DAY STARTS '2036-01-01 00:00:00' DO DELETE FROM nothing;
CREATE SEQUENCE numbers START WITH 5; SELECT NEXTVAL(numbers);
CREATE VIEW seen AS SELECT name FROM users WHERE seen IS NOT NULL;
CREATE TABLE debit (n INT); CREATE TABLE credit (n INT);
"""

PSQL = ("psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1")


def postgres_client(secret: dict[str, str], *, root: bool) -> tuple[list[str], dict[str, str]]:
    user, key = ("postgres", "postgres-password") if root else (secret["username"], "password")
    return [*PSQL], {
        "PGHOST": "zammad-db",
        "PGUSER": user,
        "PGPASSWORD": secret[key],
        "PGDATABASE": secret["database"],
    }


def mariadb_client(secret: dict[str, str], *, root: bool) -> tuple[list[str], dict[str, str]]:
    client = ["mariadb", "--batch", "--raw", "--skip-column-names", "--default-character-set=utf8mb4"]
    user, key = ("root", "root-password") if root else (secret["username"], "password")
    address = [] if root else ["--host=bookstack-db", "--port=5432"]
    return [*client, f"--user={user}", *address, "--", secret["database"]], {"MYSQL_PWD": secret[key]}


@dataclass(frozen=True, kw_only=True)
class Kind:
    """What differs between the two."""

    namespace: str
    container: str
    image: Callable[[], Image]
    secret: dict[str, str]
    client: Callable[..., tuple[list[str], dict[str, str]]]
    data: str
    suffix: str
    # A statement that gives statements, each of which prints something that a restore has to bring back.
    everything: str
    # Deletes what the applications have not, and a restore over a database that is not empty therefore leaves there.
    beside: str = ""
    # A session that keeps a dump waiting; how it is seen that it can, and that it does.
    lock: str
    locked: str
    waiting: str

    @property
    def database(self) -> str:
        return f"{self.namespace}-db"

    @property
    def dump(self) -> str:
        return f"{self.database}-dump"

    @property
    def drill(self) -> str:
        return f"{self.database}-drill"


KINDS = {
    "postgres": Kind(
        namespace="zammad",
        container="postgres",
        image=images.postgres,
        secret={
            "database": """zammad's "production\"""",
            "username": 'Zam"mad user',
            "password": r"""it's "quoted" \ $HOME `id` %s; --""",
            "postgres-password": "secret",
            "exporter-password": "secret",
        },
        client=postgres_client,
        data=POSTGRES,
        suffix="dump",
        everything="""
            SELECT statement FROM (
            SELECT format('SELECT %L, t::text FROM %s t ORDER BY 2', oid::regclass, oid::regclass) FROM pg_class
              WHERE relkind IN ('r', 'm') AND relnamespace::regnamespace::text !~ '^(pg_|information_schema)' UNION ALL
            SELECT 'SELECT ''sequence'', schemaname, sequencename, last_value FROM pg_sequences ORDER BY 3' UNION ALL
            SELECT 'SELECT ''large object'', loid, pageno, md5(data) FROM pg_largeobject ORDER BY 2, 3' UNION ALL
            SELECT 'SELECT ''view'', viewname, definition FROM pg_views WHERE viewowner <> ''postgres''' UNION ALL
            SELECT 'SELECT ''index'', indexdef FROM pg_indexes WHERE schemaname !~ ''^pg_'' ORDER BY 2' UNION ALL
            SELECT 'SELECT ''column'', attrelid::regclass::text, attname, format_type(atttypid, atttypmod), attnotnull
              FROM pg_attribute WHERE attrelid >= 16384 AND attnum > 0 AND attrelid::regclass::text !~ ''^pg_toast''
              ORDER BY 2, 3' UNION ALL
            SELECT 'SELECT ''constraint'', conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint
              WHERE conrelid >= 16384 ORDER BY 2, 3' UNION ALL
            SELECT 'SELECT ''trigger'', pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal' UNION ALL
            SELECT 'SELECT ''function'', pg_get_functiondef(oid) FROM pg_proc WHERE oid >= 16384 ORDER BY 2' UNION ALL
            SELECT 'SELECT ''owner'', pg_get_userbyid(relowner), count(*) FROM pg_class WHERE oid >= 16384
              AND relnamespace::regnamespace::text !~ ''^pg_'' GROUP BY 2 ORDER BY 2'
            ) AS found (statement) ORDER BY statement
            \\gexec
            """,
        beside="""DROP SCHEMA "Other ""schema"" =%" CASCADE; SELECT lo_unlink(oid) FROM pg_largeobject_metadata;""",
        lock="BEGIN; LOCK TABLE tickets IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(900)",
        locked="SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'",
        waiting="SELECT count(*) FROM pg_stat_activity WHERE application_name = 'pg_dump' AND wait_event_type = 'Lock'",
    ),
    "mariadb": Kind(
        namespace="bookstack",
        container="mariadb",
        image=images.mariadb,
        secret={
            "database": "wiki books-1_2",
            "username": "o'wiki",
            "password": r"""it's "quoted" \ $HOME `id` %s; --""",
            "root-password": "secret",
            "exporter-password": "secret",
        },
        client=mariadb_client,
        data=MARIADB,
        suffix="sql.gz",
        # Every column as hexadecimal digits: as it is, whatever its type.
        everything="""
            SET group_concat_max_len = 1000000;
            SELECT CONCAT('SELECT ', QUOTE(table_name), ', CONCAT_WS('','', ',
              GROUP_CONCAT('IFNULL(HEX(CONCAT(`', column_name, '`)), ''NULL'')' ORDER BY ordinal_position),
              ') FROM `', REPLACE(table_name, '`', '``'), '` ORDER BY 2;')
              FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
              WHERE table_schema = DATABASE() AND table_type <> 'VIEW' GROUP BY table_name;
            SELECT CONCAT('SHOW CREATE TABLE `', REPLACE(table_name, '`', '``'), '`;') FROM information_schema.tables
              WHERE table_schema = DATABASE() ORDER BY table_name;
            SELECT CONCAT('SHOW CREATE ', routine_type, ' `', routine_name, '`;') FROM information_schema.routines
              WHERE routine_schema = DATABASE() ORDER BY specific_name;
            SELECT 'SELECT trigger_name, action_statement, definer FROM information_schema.triggers ORDER BY 1;';
            SELECT 'SHOW CREATE EVENT nightly;';
            """,
        lock="LOCK TABLES users WRITE; SELECT SLEEP(900)",
        locked="SELECT COUNT(*) FROM information_schema.processlist WHERE state = 'User sleep'",
        waiting="SELECT COUNT(*) FROM information_schema.processlist WHERE state = 'Waiting for table metadata lock'",
    ),
}


class Site:
    """A database server in a namespace, whose dumps and drills run here."""

    def __init__(self, kind: Kind, namespace: Namespace) -> None:
        self.kind, self.namespace = kind, namespace
        self.server = namespace.pod("StatefulSet", kind.database, kind.container, kind.image()).start()
        self.server.wait_for("startupProbe")
        job = self.job(kind.dump)
        (mount,) = (m for m in job.container["volumeMounts"] if m["mountPath"] == "/dumps")
        (volume,) = (v for v in job.spec["volumes"] if v["name"] == mount["name"])
        self.dumps = namespace.volume(volume["persistentVolumeClaim"]["claimName"]) / mount["subPath"]

    def job(self, name: str) -> Pod:
        """A pod of one of its CronJobs."""
        container = "dump" if name == self.kind.dump else "restore-drill"
        return self.namespace.pod("CronJob", name, container, self.kind.image())

    def sql(self, statements: str, *, root: bool = False) -> str:
        client, env = self.kind.client(self.kind.secret, root=root)
        done = self.server.execute(*client, input=statements, env=env)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def client(self, statement: str) -> None:
        """A session of the application's that stays."""
        client, env = self.kind.client(self.kind.secret, root=False)
        script = self.namespace.folder / "session.sql"
        script.write_text(statement)
        self.server.client(*client, env=env, given=script)

    def content(self) -> list[str]:
        """All that is in the database, line by line."""
        found = self.sql(self.kind.everything, root=True)
        if self.kind.container == "mariadb":
            # Which has no way to run statements that a statement gives.
            found = self.sql(found, root=True)
        return found.splitlines()

    def names(self) -> list[str]:
        """What is on the volume."""
        return sorted(file.name for file in self.dumps.iterdir())

    def newest(self) -> Path:
        """The newest dump."""
        pattern = f"{self.kind.dump}-????????T??????Z.{self.kind.suffix}"
        newest: Path = max(self.dumps.glob(pattern))
        return newest


def checksum(file: Path) -> None:
    """Give a file the checksum that the dump's script gives it."""
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    file.with_name(f"{file.name}.sha256").write_text(f"{digest}  {file.name}\n")


def failed(pod: Pod, message: str) -> None:
    """A job that fails says why in its last line."""
    done = pod.run()
    assert done.returncode != 0, done.stdout
    assert message in done.stderr.splitlines()[-1], done.stderr


@pytest.fixture(scope="module", params=list(KINDS))
def site(
    request: pytest.FixtureRequest,
    manifests: dict[str, Manifest],
    start: Start,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Site]:
    """A server with data, of which there is one dump."""
    kind = KINDS[request.param]
    folder = tmp_path_factory.mktemp(request.param) / "source"
    secrets = {f"{kind.database}-creds": dict(kind.secret)}
    site = Site(kind, Namespace(manifests, kind.namespace, folder=folder, start=start, secrets=secrets))
    site.sql(kind.data)
    done = site.job(kind.dump).run()
    assert done.returncode == 0, done.stderr
    yield site
    site.server.kill()


@pytest.fixture
def dumps(site: Site, tmp_path: Path) -> Iterator[Path]:
    """The folder with the one dump; what a test does to it is undone."""
    shutil.copytree(site.dumps, tmp_path / "kept")
    yield site.dumps
    for file in site.dumps.iterdir():
        file.unlink()
    for file in (tmp_path / "kept").iterdir():
        shutil.copy2(file, site.dumps)
        shutil.chown(site.dumps / file.name, 999, 999)


def test_a_dump_is_whole_and_private(site: Site, dumps: Path) -> None:
    dump = site.newest()
    assert site.names() == [dump.name, f"{dump.name}.sha256"]
    for file in dumps.iterdir():
        assert (file.stat().st_mode & 0o777, file.stat().st_uid) == (0o600, 999)
    taken = datetime.strptime(dump.name.removeprefix(f"{site.kind.dump}-").partition(".")[0], "%Y%m%dT%H%M%S%z")
    assert abs(datetime.now(UTC) - taken) < timedelta(minutes=5)
    checked = site.job(site.kind.dump).run("sh", "-c", "cd /dumps && sha256sum --check *.sha256")
    assert checked.returncode == 0, checked.stdout


def test_a_drill_restores_and_counts(site: Site, dumps: Path) -> None:
    done = site.job(site.kind.drill).run()
    assert done.returncode == 0, done.stderr
    tables, rows = {"zammad": (8, 2 * ROWS + 1001), "bookstack": (6, 2 * ROWS + 2)}[site.kind.namespace]
    assert f"restore drill passed: {site.newest().name}, 0 hours old" in done.stdout
    assert f" {tables} tables, {rows} rows, in " in done.stdout


def test_a_restore_is_the_same_row_by_row(
    site: Site, dumps: Path, start: Start, manifests: dict[str, Manifest]
) -> None:
    kind = site.kind
    (script,) = re.findall(
        rf"-- env DUMP={kind.dump}-\S+ sh -eu <<'SH'\n(.*?)\nSH\n",
        (ROOT / "docs" / "operations.md").read_text(),
        flags=re.DOTALL,
    )
    folder = site.namespace.folder.with_name("target")
    empty = Namespace(manifests, kind.namespace, folder=folder, start=start, secrets=site.namespace.secrets)
    target = Site(kind, empty)

    def restore() -> None:
        shutil.copytree(dumps, target.dumps, dirs_exist_ok=True)
        for file in target.dumps.iterdir():
            shutil.chown(file, 999, 999)
        done = target.job(kind.dump).run("sh", "-eu", input=script, env={"DUMP": site.newest().name})
        assert done.returncode == 0, done.stderr

    restore()
    expected, found = site.content(), target.content()
    assert len(expected) > 2 * ROWS
    assert found == expected

    # What was restored is dumped and restored in its turn.
    assert target.job(kind.dump).run().returncode == 0
    assert "restore drill passed" in target.job(kind.drill).run().stdout

    # The application goes on writing: the dump shows one moment, in which the two tables have the same rows. And what
    # is in the server that it is restored into goes.
    pair = "BEGIN; INSERT INTO debit VALUES (%d); INSERT INTO credit VALUES (%d); COMMIT;\n"
    pairs = "".join(pair % (number, number) for number in range(50_000))
    site.client(pairs)
    written = "SELECT count(*) FROM debit"
    wait_until(lambda: int(site.sql(written)) > 100, what="writes")
    done = site.job(kind.dump).run()
    assert done.returncode == 0, done.stderr
    after = int(site.sql(written))
    site.server.hang_up()
    target.sql(kind.beside)
    restore()
    count = int(target.sql(written))
    assert 100 < count < after, "it wrote meanwhile"
    assert target.sql("SELECT count(*) FROM debit JOIN credit ON debit.n = credit.n") == str(count)
    assert target.sql("SELECT count(*) FROM credit") == str(count)
    target.server.kill()


def test_the_newest_dumps_are_kept(site: Site, dumps: Path) -> None:
    pod = site.job(site.kind.dump)
    retain, name, suffix = int(pod.env["RETAIN"]), site.kind.dump, site.kind.suffix
    (dumps / site.newest().name).unlink()
    for file in dumps.iterdir():
        file.unlink()
    old = [f"{name}-202601{day:02}T011000Z.{suffix}" for day in range(1, retain + 3)]
    others = [
        f"{name}-by-hand-20260101T011000Z.{suffix}",
        f"{name}-20260101.{suffix}",
        f"other-20260101T011000Z.{suffix}",
        f"{name}-20260101T011000Z.{suffix}.old",
        ".partial-of-a-run-that-goes-on",
    ]
    for older in old:
        (dumps / older).write_text("a dump")
        checksum(dumps / older)
    for other in (*others, ".partial-of-yesterday"):
        (dumps / other).write_text("something else")
    yesterday = (datetime.now(UTC) - timedelta(hours=25)).timestamp()
    os.utime(dumps / ".partial-of-yesterday", (yesterday, yesterday))
    for file in dumps.iterdir():
        shutil.chown(file, 999, 999)

    done = pod.run()
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith(f"{retain} kept\n")
    kept = [*old[-(retain - 1) :], site.newest().name]
    assert site.names() == sorted([*others, *kept, *(f"{file}.sha256" for file in kept)])


def test_a_wrong_password_fails_loudly(site: Site, dumps: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = site.names()
    monkeypatch.setitem(site.namespace.secrets[f"{site.kind.database}-creds"], "password", "wrong")
    failed(site.job(site.kind.dump), f"DUMP FAILED: the database could not be dumped from {site.kind.database}:5432")
    assert site.names() == before


def test_a_full_volume_fails_loudly(site: Site, dumps: Path) -> None:
    before = site.names()
    # A volume of its own would have to be mounted outside of the test's folder: no file may grow beyond 64 KiB.
    limited = "trap '' XFSZ && ulimit -f 128 && exec /bin/sh /scripts/dump.sh"
    done = site.job(site.kind.dump).run("/bin/sh", "-c", limited)
    assert done.returncode != 0
    assert "DUMP FAILED: " in done.stderr.splitlines()[-1]
    assert site.names() == before


def test_a_server_that_is_killed_meanwhile_fails_loudly(site: Site, dumps: Path) -> None:
    before = site.names()
    site.client(site.kind.lock)
    wait_until(lambda: site.sql(site.kind.locked, root=True) == "1", what="the lock")
    running = Running(site.job(site.kind.dump))
    wait_until(lambda: site.sql(site.kind.waiting, root=True) == "1", what="a dump in the middle")
    site.server.kill()
    assert running.server.process.wait(PATIENCE) != 0
    last = running.server.tail().splitlines()[-1]
    assert last == f"DUMP FAILED: the database could not be dumped from {site.kind.database}:5432"
    assert site.names() == before
    site.server.restart().wait_for("startupProbe")


def drill_without_dump(dump: Path) -> str:
    dump.unlink()
    return "there is no dump"


def drill_without_checksum(dump: Path) -> str:
    dump.with_name(f"{dump.name}.sha256").unlink()
    return "has no checksum beside it"


def drill_of_a_truncated_dump(dump: Path) -> str:
    os.truncate(dump, dump.stat().st_size - 1)
    return "is not what was dumped: its checksum differs"


def drill_of_a_changed_dump(dump: Path) -> str:
    content = bytearray(dump.read_bytes())
    content[len(content) // 2] ^= 1
    dump.write_bytes(content)
    return "is not what was dumped: its checksum differs"


def drill_of_a_dump_that_was_cut_off_before_its_checksum(dump: Path) -> str:
    # So little that nothing but the end itself can miss it.
    os.truncate(dump, dump.stat().st_size - 4)
    checksum(dump)
    return "could not be restored"


def drill_of_an_old_dump(dump: Path) -> str:
    renamed(dump, datetime.now(UTC) - timedelta(hours=49))
    return "is the newest dump and 49 hours old, 48 at most"


def drill_of_a_dump_from_the_future(dump: Path) -> str:
    renamed(dump, datetime.now(UTC) + timedelta(hours=1))
    return "is from the future: which clock is wrong?"


def renamed(dump: Path, at: datetime) -> None:
    """Give a dump another time."""
    name = re.sub(r"\d{8}T\d{6}Z", f"{at:%Y%m%dT%H%M%SZ}", dump.name)
    dump.with_name(f"{dump.name}.sha256").rename(dump.with_name(f"{name}.sha256"))
    dump.rename(dump.with_name(name))


@pytest.mark.parametrize(
    "spoil",
    [
        drill_without_dump,
        drill_without_checksum,
        drill_of_a_truncated_dump,
        drill_of_a_changed_dump,
        drill_of_a_dump_that_was_cut_off_before_its_checksum,
        drill_of_an_old_dump,
        drill_of_a_dump_from_the_future,
    ],
)
def test_a_drill_fails_loudly(site: Site, dumps: Path, spoil: Callable[[Path], str]) -> None:
    message = spoil(site.newest())
    failed(site.job(site.kind.drill), f"{message}")


def test_a_drill_misses_rows(site: Site, dumps: Path) -> None:
    pod = site.job(site.kind.drill)
    first, second = pod.env["NOT_EMPTY"].split()
    site.sql(f"DELETE FROM {second}; DELETE FROM {first}")
    site.newest().unlink()
    assert site.job(site.kind.dump).run().returncode == 0
    failed(pod, f"RESTORE DRILL FAILED: {site.newest().name} has no rows in table {first}")
