"""Who makes a Secret or a ConfigMap, and which keys it will have."""

from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias

from vkm_manifests.graph import shape
from vkm_manifests.graph.resource import Resource

Keys: TypeAlias = frozenset[str] | None
"""The keys of a Secret or ConfigMap; None where the manifests cannot tell."""

Made: TypeAlias = tuple[str, str, Keys]
"""Namespace, name and keys of one that will exist."""

_CERTIFICATE_KEYS: Final = frozenset({"tls.crt", "tls.key", "ca.crt"})
_KEYSTORES: Final = {"jks": ("keystore.jks", "truststore.jks"), "pkcs12": ("keystore.p12", "truststore.p12")}
_OUTPUT_FORMATS: Final = {"CombinedPEM": "tls-combined.pem", "DER": "key.der"}


def secrets_of(resource: Resource) -> Iterator[Made]:
    """The Secrets that an object is, or makes at run time (External Secrets 2.x, cert-manager 1.20, Sealed Secrets)."""
    spec, namespace = resource.spec, resource.namespace
    match resource.kind:
        case "Secret":
            yield namespace, resource.name, _keys_of(resource, "data", "stringData")
        case "ExternalSecret":
            target = shape.text(spec, "target", "name") or resource.name
            yield namespace, target, _external_secret_keys(resource)
        case "Certificate":
            yield namespace, shape.text(spec, "secretName"), _certificate_keys(resource)
        case "SealedSecret":
            name = shape.text(spec, "template", "metadata", "name") or resource.name
            keys = {*shape.mapping(spec, "encryptedData"), *shape.mapping(spec, "template", "data")}
            yield namespace, name, frozenset(map(str, keys))


def config_maps_of(resource: Resource) -> Iterator[Made]:
    """The ConfigMaps that an object is."""
    if resource.kind == "ConfigMap":
        yield resource.namespace, resource.name, _keys_of(resource, "data", "binaryData")


def _keys_of(resource: Resource, *fields: str) -> frozenset[str]:
    return frozenset(str(key) for field in fields for key in shape.mapping(resource.manifest, field))


def _external_secret_keys(resource: Resource) -> Keys:
    """A template's keys replace those that are fetched, unless it says `mergePolicy: Merge`."""
    spec = resource.spec
    template = shape.mapping(spec, "target", "template")
    if shape.mappings(template, "templateFrom"):
        return None
    templated = frozenset(map(str, shape.mapping(template, "data")))
    if templated and shape.text(template, "mergePolicy") != "Merge":
        return templated
    if shape.mappings(spec, "dataFrom"):
        return None
    return templated | {shape.text(item, "secretKey") for item in shape.mappings(spec, "data")}


def _certificate_keys(resource: Resource) -> Keys:
    keystores = shape.mapping(resource.spec, "keystores")
    formats = (shape.text(item, "type") for item in shape.mappings(resource.spec, "additionalOutputFormats"))
    extra: Iterable[str] = (
        *(key for store, keys in _KEYSTORES.items() if store in keystores for key in keys),
        *(_OUTPUT_FORMATS[name] for name in formats if name in _OUTPUT_FORMATS),
    )
    return _CERTIFICATE_KEYS | frozenset(extra)
