"""Startup, readiness and liveness probes."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from cdk8s_plus_27 import k8s

from vkm_constructs.checks import check_argv, check_at_least, int_or_string
from vkm_constructs.errors import Checks, nearest, spell


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """One probe; made by `Probe.http`, `Probe.tcp` or `Probe.command`.

    Args:
        path: what to GET, for HTTP.
        argv: the command, for one.
        port: name of a port that the workload declares; None is its first.
        period: seconds from one try to the next.
        timeout: seconds until a try has failed; at most the period.
        failures: tries in a row that must fail.
    """

    path: str | None = None
    argv: Sequence[str] | None = None
    port: str | None = None
    period: int = 10
    timeout: int = 5
    failures: int = 3

    @classmethod
    def http(
        cls, path: str, *, port: str | None = None, period: int = 10, timeout: int = 5, failures: int = 3
    ) -> "Probe":
        """GET `path`: any status from 200 to 399 is a success."""
        return cls(path=path, port=port, period=period, timeout=timeout, failures=failures)

    @classmethod
    def tcp(cls, *, port: str | None = None, period: int = 10, timeout: int = 5, failures: int = 3) -> "Probe":
        """Open a connection."""
        return cls(port=port, period=period, timeout=timeout, failures=failures)

    @classmethod
    def command(cls, argv: Sequence[str], *, period: int = 10, timeout: int = 5, failures: int = 3) -> "Probe":
        """Run a program in the container: exit code 0 is a success."""
        return cls(
            argv=argv if isinstance(argv, str) else tuple(argv), period=period, timeout=timeout, failures=failures
        )

    def check(self, check: Checks, argument: str, ports: Sequence[str]) -> None:
        """Note what the kubelet could not do, or would do to a healthy pod."""
        for name in ("period", "timeout", "failures"):
            check_at_least(check, f"{argument}.{name}", getattr(self, name), 1)
        if self.argv is not None:
            check_argv(check, f"{argument}.argv", self.argv, empty=False)
        if isinstance(self.timeout, int) and isinstance(self.period, int) and self.timeout > self.period >= 1:
            check.refuse(
                f"{argument}.timeout",
                self.timeout,
                f"is longer than the period, {self.period}: a new try starts before the last has failed",
                accepted=f"1 to {self.period} seconds",
                fix=f"period={self.timeout}",
            )
        if self.path is not None and not self.path.startswith("/"):
            check.refuse(
                f"{argument}.path",
                self.path,
                "is not a path",
                accepted="a path that starts with /",
                fix=f'"/{self.path}"',
            )
        if self.argv is None and not ports:
            check.refuse(
                argument,
                "TCP" if self.path is None else f"GET {self.path}",
                "has no port to ask: the workload declares none",
                accepted="Probe.command([...])",
                fix="declare a port, or probe by a command",
            )
        elif self.port is not None and self.port not in ports:
            known = nearest(self.port, ports)
            check.refuse(
                f"{argument}.port",
                self.port,
                "is not a port of this workload",
                accepted=", ".join(map(spell, known)),
                fix=f"port={spell(known[0])}",
            )

    def to_k8s(self, ports: Sequence[str]) -> k8s.Probe:
        """The container's field `startupProbe`, `readinessProbe` or `livenessProbe`."""
        port = int_or_string(self.port or ports[0]) if self.argv is None else None
        return k8s.Probe(
            exec=k8s.ExecAction(command=list(self.argv)) if self.argv is not None else None,
            http_get=k8s.HttpGetAction(path=self.path, port=port) if port and self.path else None,
            tcp_socket=k8s.TcpSocketAction(port=port) if port and not self.path else None,
            period_seconds=self.period,
            timeout_seconds=self.timeout,
            failure_threshold=self.failures,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Probes:
    """The three probes of a container. By default all open a TCP connection to its first port.

    Args:
        startup: nothing else is probed until this one has succeeded once; by default it has 150 seconds for it.
        readiness: while it fails, no Service sends anything to the pod.
        liveness: when it fails, the container is restarted. It should not ask for what a restart cannot mend, such as
            another service.
    """

    startup: Probe = field(default_factory=lambda: Probe.tcp(period=5, timeout=5, failures=30))
    readiness: Probe = field(default_factory=Probe.tcp)
    liveness: Probe = field(default_factory=lambda: Probe.tcp(period=20))

    def check(self, check: Checks, ports: Sequence[str], at: str = "probes") -> None:
        """Note the problems of all three."""
        self.startup.check(check, f"{at}.startup", ports)
        self.readiness.check(check, f"{at}.readiness", ports)
        self.liveness.check(check, f"{at}.liveness", ports)
