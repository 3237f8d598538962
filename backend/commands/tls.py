"""A certificate of one's own, for trying the phone app in the office network: browsers ask for https."""

from __future__ import annotations

import ipaddress
import os
import socket
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import click
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from backend.clock import utcnow

_DAYS = 365


def certificate(folder: Path) -> tuple[Path, Path]:
    """The key and certificate in a folder; made there when they are missing."""
    key_file, chain_file = folder / "key.pem", folder / "certificate.pem"
    if key_file.exists() and chain_file.exists():
        return key_file, chain_file
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Hezhang")])
    now = utcnow()
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=_DAYS))
        .add_extension(x509.SubjectAlternativeName(_names()), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    form, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    with os.fdopen(os.open(key_file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(key.private_bytes(serialization.Encoding.PEM, form, plain))
    chain_file.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    return key_file, chain_file


def _names() -> list[x509.GeneralName]:
    """This machine by every name and address that a phone in the same network may use."""
    names: list[x509.GeneralName] = [x509.DNSName("localhost"), x509.DNSName(socket.gethostname())]
    addresses = {"127.0.0.1", "::1"}
    with suppress(socket.gaierror):  # a machine without a name of its own is reached as localhost
        addresses |= {str(info[4][0]) for info in socket.getaddrinfo(socket.gethostname(), None)}
    return names + [x509.IPAddress(ipaddress.ip_address(each.split("%")[0])) for each in sorted(addresses)]


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def tls(folder: Path) -> None:
    """Make a certificate of one's own in FOLDER."""
    for path in certificate(folder):
        click.echo(str(path))


COMMANDS = [tls]
