"""A browser without a screen, in front of the handmade hospital."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from httpx import Response
from litestar.testing import TestClient
from tests.web.handmade import PASSWORD, Bench

Login = Callable[[str], TestClient]


@pytest.fixture
def bench() -> Bench:
    return Bench()


@pytest.fixture
def anonymous(bench: Bench) -> Iterator[TestClient]:
    with TestClient(bench.app(), base_url="http://127.0.0.1") as client:
        client.follow_redirects = False
        yield client


def token_of(page: str) -> str:
    """The token of the page's last form: the one in <main>, where there is one."""
    found = re.findall(r'name="token" value="([^"]+)"', page)
    assert found, "the page has a form of ours"
    return found[-1]


def log_in(client: TestClient, name: str, password: str = PASSWORD, **more: str) -> Response:
    page = client.get("/login").text
    fields = {"name": name, "password": password, "token": token_of(page), **more}
    return client.post("/login", data=fields)


@pytest.fixture
def login(bench: Bench) -> Iterator[Login]:
    with ExitStack() as stack:

        def enter(name: str) -> TestClient:
            client = TestClient(bench.app(), base_url="http://127.0.0.1")
            stack.enter_context(client)
            client.follow_redirects = False
            assert log_in(client, name).status_code == 303
            return client

        yield enter


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 and its key, PEM."""
    folder = tmp_path_factory.mktemp("certificate")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    begin = datetime.now(UTC) - timedelta(days=1)
    address = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin + timedelta(days=3))
        .add_extension(address, critical=False)
        .sign(key, hashes.SHA256())
    )
    certificate, private = folder / "web.pem", folder / "web.key"
    certificate.write_bytes(made.public_bytes(Encoding.PEM))
    private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return certificate, private
