"""A certificate authority in place of Let's Encrypt: it issues what our Certificate objects ask for, as Secrets."""

import base64
import datetime
import ipaddress
import ssl
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tests.conftest import Manifest

_Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

_CURVES = {256: ec.SECP256R1(), 384: ec.SECP384R1(), 521: ec.SECP521R1()}
_ALL_KEY_USAGES = (
    *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement"),
    *("key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
)
# cert-manager's words for them; what else may stand there, our certificates do not use.
_KEY_USAGES = {"digital signature": "digital_signature", "key encipherment": "key_encipherment"}
_EXTENDED = {"server auth": ExtendedKeyUsageOID.SERVER_AUTH, "client auth": ExtendedKeyUsageOID.CLIENT_AUTH}


class Authority:
    """A root that clients believe, and an intermediate that signs, whose certificate servers must send along."""

    def __init__(self) -> None:
        root_key = ec.generate_private_key(_CURVES[384])
        self._root = _certificate("Root of the tests", root_key, issuer=None, signer=root_key, authority=True)
        self._key = ec.generate_private_key(_CURVES[256])
        self._intermediate = _certificate(
            "Intermediate of the tests", self._key, issuer=self._root, signer=root_key, authority=True
        )

    @property
    def root(self) -> str:
        """The root's certificate."""
        return self._root.public_bytes(Encoding.PEM).decode()

    def trust(self) -> ssl.SSLContext:
        """A client that verifies host names and believes this root only."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(cadata=self.root)
        return context

    def secret(self, certificate: Manifest) -> Manifest:
        """The Secret that cert-manager writes for a Certificate."""
        metadata, spec = certificate["metadata"], certificate["spec"]
        private = spec.get("privateKey", {})
        key = _key(private.get("algorithm", "RSA"), private.get("size"))
        names = x509.SubjectAlternativeName([x509.DNSName(name) for name in spec["dnsNames"]])
        chain, pem = self._issue(spec["dnsNames"][0], key, names, spec.get("usages", ["digital signature"]))
        return {
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": {"name": spec["secretName"], "namespace": metadata["namespace"]},
            "type": "kubernetes.io/tls",
            "data": {"tls.crt": _base64(chain), "tls.key": _base64(pem)},
        }

    def server(self, address: str, folder: Path) -> ssl.SSLContext:
        """A server that is called by its address."""
        names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))])
        chain, key = self._issue(address, _key("ECDSA", 256), names, ["digital signature", "server auth"])
        file = folder / f"{address}.pem"
        file.write_bytes(chain + key)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context

    def _issue(
        self, name: str, key: _Key, names: x509.SubjectAlternativeName, usages: list[str]
    ) -> tuple[bytes, bytes]:
        leaf = _certificate(name, key, issuer=self._intermediate, signer=self._key, names=names, usages=usages)
        chain = leaf.public_bytes(Encoding.PEM) + self._intermediate.public_bytes(Encoding.PEM)
        return chain, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _base64(text: bytes) -> str:
    return base64.b64encode(text).decode()


def _key(algorithm: str, size: int | None) -> _Key:
    if algorithm == "ECDSA":
        return ec.generate_private_key(_CURVES[size or 256])
    assert algorithm == "RSA", f"no certificate of ours has a key of {algorithm}"
    return rsa.generate_private_key(65537, size or 2048)


def _certificate(
    name: str,
    key: _Key,
    *,
    issuer: x509.Certificate | None,
    signer: ec.EllipticCurvePrivateKey,
    authority: bool = False,
    names: x509.SubjectAlternativeName | None = None,
    usages: list[str] | None = None,
) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    usages = usages or []
    unknown = set(usages) - _KEY_USAGES.keys() - _EXTENDED.keys()
    assert not unknown, f"no certificate of ours has {unknown}"
    key_usage = dict.fromkeys(_ALL_KEY_USAGES, False)
    key_usage |= {_KEY_USAGES[usage]: True for usage in usages if usage in _KEY_USAGES}
    if authority:
        key_usage |= {"key_cert_sign": True, "crl_sign": True}
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        # Let's Encrypt's ninety days.
        .not_valid_after(now + datetime.timedelta(days=90))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**key_usage), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
    )
    extended = [_EXTENDED[usage] for usage in usages if usage in _EXTENDED]
    if extended:
        builder = builder.add_extension(x509.ExtendedKeyUsage(extended), critical=False)
    if names is not None:
        builder = builder.add_extension(names, critical=False)
    return builder.sign(signer, hashes.SHA256())
