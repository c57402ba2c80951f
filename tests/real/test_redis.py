"""Redis, as the environment's durable store and as a cache.

Shows, with the Deployment's own arguments: the server reports the settings that it was given; the password is demanded;
commands that empty it for everybody are gone; readiness is red while it loads; the durable one loses nothing that it
acknowledged when it is killed, and refuses writes when it is full; the cache evicts instead, and keeps nothing; both
stay within their container's memory; probes notice a server that is gone or hangs.
"""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from tests.conftest import Manifest
from tests.real import images
from tests.real.conftest import Start, wait_until
from tests.real.pods import Namespace, Pod, Running, notices_within, size
from vkm_constructs import App, ExistingNamespace, RedisCache, Resources, ServiceChart

# Its characters are what REDIS_URL allows, in which Zammad has it.
PASSWORD = "Tn7dQ0pXb3VhW9sLk2Rz"


@pytest.fixture
def durable(manifests: dict[str, Manifest], start: Start, tmp_path: Path) -> Iterator[Running]:
    """The environment's own: on a volume."""
    secrets = {"zammad-redis-creds": {"password": PASSWORD}}
    zammad = Namespace(manifests, "zammad", folder=tmp_path / "zammad", start=start, secrets=secrets)
    running = zammad.pod("Deployment", "zammad-redis", "redis", images.redis()).start().wait_for("startupProbe")
    yield running.wait_for("readinessProbe")
    running.kill()


@pytest.fixture
def cache(start: Start, tmp_path: Path) -> Iterator[Running]:
    """Without a volume: the environment has none, so a chart of this test's own."""
    app = App(outdir=tmp_path / "never-written")
    chart = ServiceChart(app, "shop", namespace=ExistingNamespace("shop"))
    RedisCache(chart, "shop-redis", image="redis:8.8.2-alpine", resources=Resources(memory="64Mi"))
    made = {f"shop/{m['kind']}/{m['metadata']['name']}": m for found in app.manifests().values() for m in found}
    shop = Namespace(made, "shop", folder=tmp_path / "shop", start=start, secrets={})
    running = shop.pod("Deployment", "shop-redis", "redis", images.redis()).start()
    yield running.wait_for("readinessProbe")
    running.kill()


def redis(running: Running, *command: str, password: str | None = None) -> str:
    """What it answers; another password than the container's, if one is given."""
    env = {} if password is None else {"REDISCLI_AUTH": password}
    done = running.execute("redis-cli", *command, env=env)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def info(running: Running, key: str) -> str:
    """A value of INFO."""
    (line,) = (line for line in redis(running, "info", "everything").splitlines() if line.startswith(f"{key}:"))
    return line.partition(":")[2]


def fill(running: Running, *, mebibytes: int) -> list[str]:
    """Give it so much, a mebibyte at a time; what it answered to each."""
    one = "for i = 1, 100 do redis.call('set', KEYS[1] .. i, string.rep('x', 10486)) end"
    lines = "".join(f'EVAL "{one}" 1 fill:{number}:\n' for number in range(mebibytes))
    return [line for line in running.execute("redis-cli", input=lines).stdout.splitlines() if line]


def peak_memory(running: Running) -> int:
    """The most that the process ever had in memory."""
    status = Path(f"/proc/{running.process}/status").read_text()
    (line,) = (line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024


def settings(pod: Pod) -> dict[str, str]:
    """`--name value` of its arguments, but for those that are no settings."""
    arguments = pod.container["args"]
    return {a.removeprefix("--"): b for a, b in pairwise(arguments) if a.startswith("--") and a != "--rename-command"}


@pytest.mark.parametrize("profile", ["durable", "cache"])
def test_the_server_reports_the_settings(profile: str, request: pytest.FixtureRequest) -> None:
    running: Running = request.getfixturevalue(profile)
    given = settings(running.pod)
    assert given["maxmemory-policy"] == {"durable": "noeviction", "cache": "allkeys-lru"}[profile]
    assert given["appendonly"] == {"durable": "yes", "cache": "no"}[profile]
    if "requirepass" in given:
        given["requirepass"] = PASSWORD
    given["maxmemory"] = str(int(given["maxmemory"].removesuffix("mb")) * 2**20)
    for name, value in given.items():
        # Its answer is two lines, name and value.
        assert redis(running, "config", "get", name).partition("\n")[2] == value, name


def test_the_password_is_demanded(durable: Running) -> None:
    assert redis(durable, "ping") == "PONG"
    # Without a password, from the pod's own loopback, as from another pod.
    assert redis(durable, "ping", password="").startswith("NOAUTH")
    assert "WRONGPASS" in durable.execute("redis-cli", "ping", env={"REDISCLI_AUTH": PASSWORD[:-1]}).stderr
    # By the name of its Service.
    assert redis(durable, "-h", "zammad-redis", "-p", "6379", "ping") == "PONG"


@pytest.mark.parametrize("profile", ["durable", "cache"])
@pytest.mark.parametrize("command", ["FLUSHALL", "FLUSHDB", "DEBUG SLEEP 0"])
def test_what_empties_or_halts_it_is_gone(profile: str, command: str, request: pytest.FixtureRequest) -> None:
    running: Running = request.getfixturevalue(profile)
    assert redis(running, *command.split()).startswith("ERR unknown command")


def test_a_kill_loses_nothing_that_was_acknowledged(durable: Running, tmp_path: Path) -> None:
    statements, answers = tmp_path / "statements", tmp_path / "answers"
    statements.write_text("".join(f"SET kill:{number} value-{number}\n" for number in range(1_000_000)))
    durable.client("redis-cli", given=statements, output=answers)
    wait_until(lambda: answers.stat().st_size > 5_000 * len("OK\n"), what="writes")
    durable.kill()
    # What the client has not written out may have been answered; what it has written was.
    acknowledged = answers.read_text().count("OK\n")
    assert 5_000 <= acknowledged < 1_000_000, "it was killed in the middle"

    durable.restart().wait_for("readinessProbe")
    asked = "".join(f"GET kill:{number}\n" for number in range(acknowledged))
    found = durable.execute("redis-cli", input=asked).stdout.splitlines()
    assert found == [f"value-{number}" for number in range(acknowledged)]


def test_a_stop_loses_nothing(durable: Running) -> None:
    redis(durable, "set", "stop", "kept")
    assert durable.stop() == 0
    durable.restart().wait_for("readinessProbe")
    assert redis(durable, "get", "stop") == "kept"


def test_readiness_is_red_while_it_loads(durable: Running) -> None:
    redis(durable, "eval", "for i = 1, 16000 do redis.call('set', 'load:' .. i, i) end", "0")
    durable.kill()
    # 16,000 keys are loaded in the blink of an eye: each is delayed (in microseconds), by one more argument, until all
    # is looked at. It answers after each 1,024 of them.
    durable.restart("--key-load-delay", "1000")
    wait_until(lambda: durable.succeeds("startupProbe"), what="an answer")
    assert redis(durable, "ping").startswith("LOADING")
    assert not durable.succeeds("readinessProbe"), "no requests yet"
    assert durable.succeeds("livenessProbe"), "nor a reason to restart it"
    assert redis(durable, "config", "set", "key-load-delay", "0") == "OK"
    durable.wait_for("readinessProbe")
    assert redis(durable, "get", "load:16000") == "16000"


def test_the_durable_one_refuses_when_it_is_full(durable: Running) -> None:
    redis(durable, "set", "first", "kept")
    fill(durable, mebibytes=200)
    # While the append-only file is rewritten, two processes have the memory in common, until one writes to it.
    # It may have begun by itself.
    assert "Background append only file rewriting" in redis(durable, "bgrewriteaof")
    assert "OOM command not allowed" in fill(durable, mebibytes=300)[-1]
    assert info(durable, "evicted_keys") == "0"
    assert redis(durable, "get", "first") == "kept"
    assert peak_memory(durable) < size(durable.pod.container["resources"]["limits"]["memory"])
    # That it is full is no reason to restart it, or to stop reading from it.
    assert durable.succeeds("livenessProbe")
    assert durable.succeeds("readinessProbe")


def test_the_cache_evicts_instead(cache: Running) -> None:
    redis(cache, "set", "first", "gone soon")
    # Its clock counts whole seconds: what was written in the same one is equally old.
    wait_until(lambda: int(redis(cache, "object", "idletime", "first")) >= 2, what="that it is the oldest")
    answered = fill(cache, mebibytes=200)
    assert "OOM" not in "".join(answered), "it refused"
    assert int(info(cache, "evicted_keys")) > 10_000
    assert redis(cache, "get", "first") == "", "what was used longest ago goes"
    assert redis(cache, "strlen", "fill:199:100") == "10486", "what was written last stays"
    assert peak_memory(cache) < size(cache.pod.container["resources"]["limits"]["memory"])


def test_the_cache_keeps_nothing(cache: Running) -> None:
    redis(cache, "set", "key", "value")
    assert cache.stop() == 0
    cache.restart().wait_for("readinessProbe")
    assert redis(cache, "dbsize") == "0"
    assert cache.execute("ls", "/data").stdout == ""


def test_probes_notice_a_server_that_is_gone_or_hangs(durable: Running) -> None:
    # A verdict changes after so many failures in a row; that each comes within its timeout is shown below.
    assert notices_within(durable.pod.container, "readinessProbe") == 35
    assert notices_within(durable.pod.container, "livenessProbe") == 65
    durable.freeze(True)
    assert not durable.succeeds("readinessProbe"), "green while it hangs"
    durable.freeze(False)
    durable.wait_for("readinessProbe")
    # Its process ends the container with it, which the kubelet restarts without asking a probe.
    durable.kill()
