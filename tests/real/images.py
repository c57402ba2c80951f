"""What the servers' images have and this machine lacks: their entrypoints and settings, by what they document.

Debian 12 has PostgreSQL 15, MariaDB 10.11 and Redis 7.0, the manifests 17, 11.8 and 8.8. No argument, setting or script
of theirs differs between the two.
"""

from dataclasses import replace
from pathlib import Path
from signal import SIGINT

from tests.real.conftest import tool
from tests.real.pods import Image

HOLD = "/opt/image/hold"
"""While this file is not empty, an entrypoint waits before it runs the scripts."""

_FILES = Path(__file__).with_name("image_files")


def redis() -> Image:
    """The image `redis`, whose entrypoint only gives way to the container's arguments."""
    tool("redis-server")
    return Image(user="redis", folders=["/data"])


def postgres() -> Image:
    """The image `postgres`."""
    return Image(
        user="postgres",
        entrypoint=["/opt/image/docker-entrypoint.sh"],
        programs=[str(Path(tool("initdb")).resolve().parent)],
        # The image has en_US.UTF-8, which a machine may lack.
        env={"LANG": "C.UTF-8"},
        files={"/opt/image/docker-entrypoint.sh": (_FILES / "postgres-entrypoint.sh").read_text()},
        stop=SIGINT,
    )


def mariadb() -> Image:
    """The image `mariadb`."""
    tool("mariadbd")
    return Image(
        user="mysql",
        entrypoint=["/opt/image/docker-entrypoint.sh"],
        programs=["/opt/image"],
        files={
            "/etc/mysql/my.cnf": "[mariadbd]\nhost-cache-size=0\nskip-name-resolve\n",
            "/opt/image/docker-entrypoint.sh": (_FILES / "mariadb-entrypoint.sh").read_text(),
            "/opt/image/healthcheck.sh": (_FILES / "healthcheck.sh").read_text(),
        },
    )


def held(image: Image) -> Image:
    """The same, but its entrypoint waits until somebody empties the file."""
    return replace(image, files={**image.files, HOLD: "hold"})
