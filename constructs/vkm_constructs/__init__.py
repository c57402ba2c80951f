"""Typed, production-safe cdk8s constructs.

Import this package before cdk8s and constructs: it chooses the Node.js that jsii runs on.
"""

# ruff: noqa: E402

from vkm_constructs.node import use_bundled_node

use_bundled_node()

from vkm_constructs.app import App, override
from vkm_constructs.config_files import ConfigFiles
from vkm_constructs.database_dump import DatabaseDump
from vkm_constructs.declarations import ignore_rule, made_outside
from vkm_constructs.env import PodField, SecretKey
from vkm_constructs.errors import ConstructError, Problem, SynthError
from vkm_constructs.external_secret_ref import ExternalSecretRef
from vkm_constructs.gateway import Gateway
from vkm_constructs.issuer import Issuer
from vkm_constructs.longhorn_backup_group import LonghornBackupGroup, Schedule
from vkm_constructs.longhorn_volume import LonghornVolume
from vkm_constructs.mariadb_stateful_set import MariaDbSettings, MariaDbStatefulSet
from vkm_constructs.migration import Migration
from vkm_constructs.monitor import Alert, Monitor, ScrapeJob
from vkm_constructs.mounts import Mount
from vkm_constructs.outdir import OutdirError
from vkm_constructs.pod_template import InitContainer, Rollout, Sidecar
from vkm_constructs.pods import Connectable, Pods
from vkm_constructs.postgres_stateful_set import PostgresSettings, PostgresStatefulSet
from vkm_constructs.probes import Probe, Probes
from vkm_constructs.redis_cache import RedisCache
from vkm_constructs.resources import Resources
from vkm_constructs.restore_drill import RestoreDrill
from vkm_constructs.role_grant import RoleGrant
from vkm_constructs.secret_store import SecretStore
from vkm_constructs.security import Security
from vkm_constructs.service_chart import ServiceChart
from vkm_constructs.service_namespace import ExistingNamespace, Namespace, ServiceNamespace
from vkm_constructs.tls_route import RateLimit, TlsRoute
from vkm_constructs.verification import VerificationError
from vkm_constructs.verified_synth import verified_synth
from vkm_constructs.web_app import WebApp
from vkm_constructs.worker import Worker

__all__ = [
    "Alert",
    "App",
    "ConfigFiles",
    "Connectable",
    "ConstructError",
    "DatabaseDump",
    "ExistingNamespace",
    "ExternalSecretRef",
    "Gateway",
    "InitContainer",
    "Issuer",
    "LonghornBackupGroup",
    "LonghornVolume",
    "MariaDbSettings",
    "MariaDbStatefulSet",
    "Migration",
    "Monitor",
    "Mount",
    "Namespace",
    "OutdirError",
    "PodField",
    "Pods",
    "PostgresSettings",
    "PostgresStatefulSet",
    "Probe",
    "Probes",
    "Problem",
    "RateLimit",
    "RedisCache",
    "Resources",
    "RestoreDrill",
    "RoleGrant",
    "Rollout",
    "Schedule",
    "ScrapeJob",
    "SecretKey",
    "SecretStore",
    "Security",
    "ServiceChart",
    "ServiceNamespace",
    "Sidecar",
    "SynthError",
    "TlsRoute",
    "VerificationError",
    "WebApp",
    "Worker",
    "ignore_rule",
    "made_outside",
    "override",
    "verified_synth",
]
