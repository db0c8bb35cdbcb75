"""Certificates for a hub on a LAN: a small authority of the company's own, and what it vouches for.

Source: RFC 5280; CA/Browser Forum baseline, 398 days at most for a server.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from app.text import N_, Text
from app.trouble import Trouble

CA_LASTS = timedelta(days=3_650)
LASTS = timedelta(days=397)
SLACK = timedelta(days=1)
"""Clocks of a LAN differ: a certificate is good from yesterday on."""


class Pair(NamedTuple):
    """A certificate and its private key, both PEM."""

    cert: bytes
    key: bytes


def new_ca(name: str, now: datetime) -> Pair:
    """Make an authority that may vouch for servers and for nothing else."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    usage = _usage(may_sign=True)
    made = (
        _begun(subject, subject, key.public_key(), now, CA_LASTS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )
    return _pair(made, key)


def issue(authority: Pair, hosts: Sequence[str], now: datetime) -> Pair:
    """Vouch for a server under all its names and addresses.

    Raises:
        Trouble: tls: the authority cannot be used, or a name is none.
    """
    try:
        ca_cert = x509.load_pem_x509_certificate(authority.cert)
        ca_key = serialization.load_pem_private_key(authority.key, None)
    except (ValueError, TypeError) as fault:
        raise Trouble("tls", Text(N_("These are no certificate and key of an authority."))) from fault
    if not isinstance(ca_key, ec.EllipticCurvePrivateKey) or ca_cert.not_valid_after_utc <= now:
        raise Trouble("tls", Text(N_("This authority is over or of another kind. Make a new one.")))
    names = [_name(host) for host in hosts]
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, hosts[0])])
    lasts = min(LASTS, ca_cert.not_valid_after_utc - now)
    made = (
        _begun(subject, ca_cert.subject, key.public_key(), now, lasts)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(may_sign=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()), critical=False
        )
        .sign(ca_key, hashes.SHA256())
    )
    return _pair(made, key)


def _begun(
    subject: x509.Name, issuer: x509.Name, public: ec.EllipticCurvePublicKey, now: datetime, lasts: timedelta
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - SLACK)
        .not_valid_after(now + lasts)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )


def _usage(*, may_sign: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not may_sign,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=may_sign,
        crl_sign=may_sign,
        encipher_only=False,
        decipher_only=False,
    )


def _name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        pass
    try:
        return x509.DNSName(host)
    except ValueError as fault:
        raise Trouble("tls", Text(N_("{host} is no name of a machine."), {"host": host})) from fault


def _pair(made: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> Pair:
    pem = serialization.Encoding.PEM
    kept = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return Pair(made.public_bytes(pem), kept)
