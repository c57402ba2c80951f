"""TlsRoute: a host name, served over HTTPS."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cdk8s import ApiObjectMetadata
from constructs import Construct

from vkm_cert_manager.io.cert_manager import (
    Certificate,
    CertificateSpec,
    CertificateSpecIssuerRef,
    CertificateSpecPrivateKey,
    CertificateSpecPrivateKeyAlgorithm,
    CertificateSpecPrivateKeyRotationPolicy,
    CertificateSpecUsages,
)
from vkm_constructs.checks import check_at_least, check_host, check_name, check_networks, check_reference, check_size
from vkm_constructs.connections import check_pods, connect
from vkm_constructs.declarations import made_outside
from vkm_constructs.env import SecretKey
from vkm_constructs.errors import Checks
from vkm_constructs.gateway import Gateway
from vkm_constructs.issuer import Issuer
from vkm_constructs.pods import Pods
from vkm_constructs.web_app import WebApp
from vkm_traefik.io.traefik import (
    IngressRoute,
    IngressRouteSpec,
    IngressRouteSpecRoutes,
    IngressRouteSpecRoutesKind,
    IngressRouteSpecRoutesMiddlewares,
    IngressRouteSpecRoutesServices,
    IngressRouteSpecRoutesServicesKind,
    IngressRouteSpecRoutesServicesPort,
    IngressRouteSpecTls,
    Middleware,
    MiddlewareSpec,
    MiddlewareSpecBasicAuth,
    MiddlewareSpecBuffering,
    MiddlewareSpecCompress,
    MiddlewareSpecHeaders,
    MiddlewareSpecIpAllowList,
    MiddlewareSpecRateLimit,
    MiddlewareSpecRetry,
)

_YEAR = 365 * 24 * 60 * 60
# What a path may hold, and a backtick, which would end it in Traefik's rule, is not of it.
_URL_PATH = re.compile(r"/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimit:
    """How many requests one address may make; each of the gateway's replicas counts for itself.

    Args:
        average: requests for each second, from 1.
        burst: requests at once before the average counts, from 1.
    """

    average: int
    burst: int


class TlsRoute(Construct):
    """A host that leads to a WebApp, over HTTPS only.

    Makes an IngressRoute and its Certificate (Secret `<id>-tls`, beside the route, as Traefik demands); a Middleware
    for each of its options, one for security headers (`<id>-headers`: HSTS for a year, no sniffing, framing by the same
    site only), one for compression (`<id>-compress`) and one that tries the next pod when one is gone (`<id>-retry`;
    what may have done something, such as a POST, is not repeated: Traefik 3.7). Opens the way from Traefik to the
    application's port. The gateway redirects from HTTP.

    Args:
        id: the name of the route and its certificate; a DNS label.
        host: full host name.
        to: the application; its `http` port.
        issuer: who signs the certificate.
        gateway: the Traefik that serves it.
        path_prefix: only paths below it. Default all.
        hidden: path prefixes that are not served, such as `/metrics`. Not for an application that takes `/%2fmetrics`
            for the same path: Traefik 3.7 passes that on.
        compress: compress answers; leave it out for an application that compresses by itself. Default True.
        rate_limit: for each client address; None is no limit.
        max_body: the largest request, `"50Mi"`; larger ones get 413. The gateway keeps a request on its own disk until
            it is complete. None is no limit.
        allow_cidrs: client addresses that are let in; others get 403. Default all.
        basic_auth: the key `users` of a Secret, with a line of htpasswd's for each user; None asks for no password.

    Attributes:
        host: as given.
        ingress_route, certificate: the L1 objects.

    Raises:
        ConstructError: no host name, an application without a Service or in another namespace, a namespace that the
            gateway does not watch.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        host: str,
        to: WebApp,
        issuer: Issuer,
        gateway: Gateway,
        path_prefix: str = "/",
        hidden: Sequence[str] = (),
        compress: bool = True,
        rate_limit: RateLimit | None = None,
        max_body: str | None = None,
        allow_cidrs: Sequence[str] = (),
        basic_auth: SecretKey | None = None,
    ) -> None:
        check = Checks(scope, id)
        namespace = check.namespace()
        check_name(check, "id", id, limit=54)
        check_host(check, "host", host)
        check_reference(check, "issuer.name", issuer.name)
        if to.service_port is None:
            check.refuse(
                "to",
                to.pods.name,
                "has no Service",
                accepted="a WebApp with a service_port",
                fix=f'WebApp(..., "{to.pods.name}", service_port=80)',
            )
        if to.namespace != namespace:
            check.refuse(
                "to",
                to.pods.name,
                f"lives in namespace {to.namespace}; Traefik follows no reference out of the route's own (Traefik 3.7)",
                accepted=f"a WebApp in namespace {namespace}",
                fix=f"make the TlsRoute in the chart of {to.pods.name}",
            )
        if gateway.namespaces is not None and namespace not in gateway.namespaces:
            check.refuse(
                "gateway",
                gateway.pods.name,
                f"does not watch namespace {namespace}",
                accepted=f"a namespace that it watches: {', '.join(gateway.namespaces) or 'none'}",
                fix=f'Gateway(namespaces=(..., "{namespace}")), where the gateway is made',
            )
        if isinstance(hidden, str):
            check.refuse("hidden", hidden, "is one text", accepted="a list of paths", fix=f'hidden=["{hidden}"]')
            hidden = ()
        for argument, path in [("path_prefix", path_prefix), *(("hidden", path) for path in hidden)]:
            if not _URL_PATH.fullmatch(path):
                check.refuse(
                    argument,
                    path,
                    "is not the beginning of a path",
                    accepted="a path that starts with /, without query and without backtick",
                    fix=f'"/{re.sub("[^A-Za-z0-9._~/-]", "", path.partition("?")[0]).strip("/")}"',
                )
        if rate_limit is not None:
            check_at_least(check, "rate_limit.average", rate_limit.average, 1)
            check_at_least(check, "rate_limit.burst", rate_limit.burst, 1)
        bytes_at_most = check_size(check, "max_body", max_body) if max_body is not None else None
        if allow_cidrs:
            check_networks(check, "allow_cidrs", allow_cidrs)
        if basic_auth is not None and not (
            isinstance(basic_auth, SecretKey) and (basic_auth.key, basic_auth.namespace) == ("users", namespace)
        ):
            check.refuse(
                "basic_auth",
                basic_auth,
                "is not where Traefik looks for users",
                accepted=f'the key "users" of a Secret in namespace {namespace}',
                fix='ExternalSecretRef(..., keys={"users": "item/htpasswd"})["users"]',
            )
        first = gateway.claimed.get((host, path_prefix))
        if first is not None:
            check.refuse(
                "host",
                host,
                f"with path_prefix {path_prefix} leads somewhere already: {first}",
                accepted="each host and path once: which of two answers would be chance",
                fix="another host, or another path_prefix",
            )
        check_pods(check, gateway.pods)
        check.done()
        super().__init__(scope, id)

        self.host = host
        gateway.claimed[host, path_prefix] = check.path
        secret = f"{id}-tls"
        self.certificate = Certificate(
            self,
            "certificate",
            metadata=ApiObjectMetadata(name=id, namespace=namespace),
            spec=CertificateSpec(
                secret_name=secret,
                dns_names=[host],
                issuer_ref=CertificateSpecIssuerRef(name=issuer.name, kind=issuer.kind, group="cert-manager.io"),
                private_key=CertificateSpecPrivateKey(
                    algorithm=CertificateSpecPrivateKeyAlgorithm.ECDSA,
                    size=256,
                    rotation_policy=CertificateSpecPrivateKeyRotationPolicy.ALWAYS,
                ),
                usages=[CertificateSpecUsages.DIGITAL_SIGNATURE, CertificateSpecUsages.SERVER_AUTH],
                # Of Let's Encrypt's 90 days: a month in which a failing renewal can be noticed and mended.
                renew_before="720h",
                revision_history_limit=1,
            ),
        )
        if issuer.made_by:
            made_outside(self.certificate, issuer.kind, issuer.name, by=issuer.made_by)
        middlewares = {}
        if allow_cidrs:
            allowed = MiddlewareSpecIpAllowList(source_range=list(allow_cidrs))
            middlewares["allow-list"] = MiddlewareSpec(ip_allow_list=allowed)
        if rate_limit is not None:
            limit = MiddlewareSpecRateLimit(average=rate_limit.average, burst=rate_limit.burst)
            middlewares["rate-limit"] = MiddlewareSpec(rate_limit=limit)
        if basic_auth is not None:
            # The application has logins of its own, and no business with these.
            users = MiddlewareSpecBasicAuth(secret=basic_auth.secret, remove_header=True)
            middlewares["basic-auth"] = MiddlewareSpec(basic_auth=users)
        if bytes_at_most is not None:
            body = MiddlewareSpecBuffering(max_request_body_bytes=bytes_at_most)
            middlewares["max-body"] = MiddlewareSpec(buffering=body)
        middlewares["headers"] = MiddlewareSpec(headers=_security_headers())
        if compress:
            middlewares["compress"] = MiddlewareSpec(compress=MiddlewareSpecCompress())
        middlewares["retry"] = MiddlewareSpec(retry=MiddlewareSpecRetry(attempts=2))
        for suffix, spec in middlewares.items():
            Middleware(self, suffix, metadata=ApiObjectMetadata(name=f"{id}-{suffix}", namespace=namespace), spec=spec)
        self.ingress_route = IngressRoute(
            self,
            "ingress-route",
            metadata=ApiObjectMetadata(name=id, namespace=namespace),
            spec=IngressRouteSpec(
                entry_points=[gateway.entry_point],
                routes=[
                    IngressRouteSpecRoutes(
                        kind=IngressRouteSpecRoutesKind.RULE,
                        match=_rule(host, path_prefix, hidden),
                        middlewares=[
                            IngressRouteSpecRoutesMiddlewares(name=f"{id}-{suffix}") for suffix in middlewares
                        ],
                        services=[
                            IngressRouteSpecRoutesServices(
                                kind=IngressRouteSpecRoutesServicesKind.SERVICE,
                                name=to.pods.name,
                                port=IngressRouteSpecRoutesServicesPort.from_number(to.service_port or 80),
                            )
                        ],
                    )
                ],
                tls=IngressRouteSpecTls(secret_name=secret),
            ),
        )
        connect(self, gateway.pods, to.pods)
        if issuer.proves_by_http(host):
            connect(self, gateway.pods, self._solver(namespace))

    def _solver(self, namespace: str) -> Pods:
        """The pods that cert-manager starts beside the route to answer an HTTP01 challenge (cert-manager 1.21)."""
        return Pods(
            scope=self,
            name=f"{self.node.id}-acme-solver",
            namespace=namespace,
            labels={"acme.cert-manager.io/http01-solver": "true"},
            ports={"http": 8089},
        )


def _rule(host: str, path_prefix: str, hidden: Sequence[str]) -> str:
    prefix = [f"PathPrefix(`{path_prefix}`)"] if path_prefix != "/" else []
    return " && ".join([f"Host(`{host}`)", *prefix, *(f"!PathPrefix(`{path}`)" for path in hidden)])


def _security_headers() -> MiddlewareSpecHeaders:
    return MiddlewareSpecHeaders(
        sts_seconds=_YEAR,
        sts_include_subdomains=True,
        content_type_nosniff=True,
        custom_frame_options_value="SAMEORIGIN",
        referrer_policy="strict-origin-when-cross-origin",
        custom_response_headers={"Server": "", "X-Powered-By": ""},
    )
