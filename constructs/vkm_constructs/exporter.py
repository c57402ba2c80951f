"""Exporters: sidecars that tell Prometheus about software which has no metrics of its own."""

from typing import Final

from vkm_constructs.probes import Probe, Probes
from vkm_constructs.resources import Resources
from vkm_constructs.security import Security

EXPORTER_RESOURCES: Final = Resources(cpu="10m", memory="64Mi", ephemeral_storage="64Mi")
EXPORTER_SECURITY: Final = Security(writable={})


def exporter_probes() -> Probes:
    """An exporter is up while it listens: one that cannot reach its server says so in its metrics, and must go on."""
    return Probes(
        startup=Probe.tcp(period=5, failures=12),
        readiness=Probe.tcp(period=20),
        liveness=Probe.tcp(period=20),
    )
