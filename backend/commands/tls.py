"""A certificate of one's own, for trying the phone app in the office network: browsers ask for https."""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

import click
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from backend import listening
from backend.clock import utcnow
from backend.words import aloud

_DAYS = 365
_RENEWED = timedelta(days=30)
_OURS = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Hezhang")])


def certificate(folder: Path, hosts: Iterable[str] = ()) -> tuple[Path, Path]:
    """The key and certificate in a folder, for this machine and these names of it; made there when they are missing.

    One of ours that lacks a name, or soon ends, is made anew with the same key; anybody else's stays as it is.
    """
    key_file, chain_file = folder / "key.pem", folder / "certificate.pem"
    wanted, now = _names(hosts), utcnow()
    there = x509.load_pem_x509_certificate(chain_file.read_bytes()) if chain_file.exists() else None
    if there is None or not key_file.exists():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _write(chain_file, _signed(_new_key(key_file), wanted, now))
    elif there.subject == _OURS and (not wanted <= named(there) or there.not_valid_after_utc < now + _RENEWED):
        _write(chain_file, _signed(_key(key_file), wanted | named(there), now))
        lacking = ", ".join(sorted(wanted - named(there))) or "…"
        click.echo(aloud("tls.anew", names=lacking, file=chain_file), err=True)
    return key_file, chain_file


def named(signed: x509.Certificate) -> set[str]:
    """The names and addresses for which a certificate stands."""
    found = signed.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return {str(each.value) for each in found}


def _names(hosts: Iterable[str]) -> set[str]:
    """This machine by every name and address that a phone in the same network may use."""
    name = socket.gethostname()
    own = {"localhost", "127.0.0.1", "::1", name, f"{name.partition('.')[0]}.local", *listening.addresses()}
    # A certificate speaks ASCII, and nobody types the address that stands for all.
    return {each for each in own | set(hosts) if listening.is_place(each) and each not in listening.EVERYWHERE}


def _signed(key: ec.EllipticCurvePrivateKey, names: set[str], now: datetime) -> x509.Certificate:
    """Phones ask for more than browsers: what the key may do, and that it is for a server."""
    usage = dict.fromkeys(("digital_signature", "key_cert_sign"), True) | dict.fromkeys(_UNUSED, False)
    public = key.public_key()
    identifier = x509.SubjectKeyIdentifier.from_public_key(public)
    builder = (
        x509.CertificateBuilder()
        .subject_name(_OURS)
        .issuer_name(_OURS)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=_DAYS))
        .add_extension(x509.SubjectAlternativeName([_as_name(each) for each in sorted(names)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.KeyUsage(**usage), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(identifier, critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier), critical=False)
    )
    return builder.sign(key, hashes.SHA256())


_UNUSED = (
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)


def _as_name(name: str) -> x509.GeneralName:
    return x509.IPAddress(ipaddress.ip_address(name)) if listening.is_address(name) else x509.DNSName(name)


def _new_key(file: Path) -> ec.EllipticCurvePrivateKey:
    key = ec.generate_private_key(ec.SECP256R1())
    form, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as opened:
        opened.write(key.private_bytes(serialization.Encoding.PEM, form, plain))
    return key


def _key(file: Path) -> ec.EllipticCurvePrivateKey:
    key = serialization.load_pem_private_key(file.read_bytes(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return key


def _write(file: Path, signed: x509.Certificate) -> None:
    part = file.with_suffix(".part")
    part.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    part.replace(file)


def _checked(_context: click.Context, _option: click.Parameter, names: tuple[str, ...]) -> tuple[str, ...]:
    for name in names:
        if not listening.is_place(name):
            raise click.BadParameter(aloud("tls.no_name", name=name))
    return names


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--name", "names", multiple=True, callback=_checked, help="A further name or address that phones type.")
def tls(folder: Path, names: tuple[str, ...]) -> None:
    """Make a certificate of one's own in FOLDER, for every name and address of this machine."""
    for path in certificate(folder, names):
        click.echo(str(path))


COMMANDS = [tls]
