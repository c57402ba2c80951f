"""Software: which images are databases, as they are called."""

from collections.abc import Mapping
from typing import Final, NamedTuple


class Database(NamedTuple):
    """A database server.

    Attributes:
        name: as people call it; the same for all images whose tags count its versions.
        port: that it listens on.
    """

    name: str
    port: int


DATABASES: Final[Mapping[str, Database]] = {
    image: Database(name, port)
    for name, port, images in (
        ("Cassandra", 9042, "cassandra"),
        ("ClickHouse", 8123, "clickhouse clickhouse-server"),
        ("CockroachDB", 26257, "cockroach"),
        ("CouchDB", 5984, "couchdb"),
        ("Dragonfly", 6379, "dragonfly"),
        ("Elasticsearch", 9200, "elasticsearch"),
        ("etcd", 2379, "etcd"),
        ("InfluxDB", 8086, "influxdb"),
        ("KeyDB", 6379, "keydb"),
        ("MariaDB", 3306, "mariadb mariadb-galera"),
        ("memcached", 11211, "memcached"),
        ("MongoDB", 27017, "mongo mongodb mongodb-community-server"),
        ("MySQL", 3306, "mysql mysql-server percona percona-server"),
        ("OpenSearch", 9200, "opensearch"),
        ("PostgreSQL", 5432, "pgvector postgis postgres postgresql postgresql-repmgr timescaledb timescaledb-ha"),
        ("RabbitMQ", 5672, "rabbitmq"),
        ("Redis", 6379, "redis redis-cluster redis-stack redis-stack-server"),
        ("ScyllaDB", 9042, "scylla"),
        ("Spilo", 5432, "spilo-16 spilo-17"),
        ("Valkey", 6379, "valkey"),
    )
    for image in images.split()
}
"""The last part of an image's name to the database that it is."""

KEEP_DATA: Final = frozenset((*DATABASES, "kafka", "minio", "nats", "neo4j"))
"""The last parts of the names of images of servers that are there for the data that they keep."""
