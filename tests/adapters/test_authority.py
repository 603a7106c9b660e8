import ssl
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509

from wardkeep.adapters import authority
from wardkeep.adapters.authority import Root
from wardkeep.kernel.times import SECOND

NAME, ADDRESSES = "crisis.hospital.internal", ("10.1.2.3", "127.0.0.1")
NOW = int(datetime.now(UTC).timestamp()) * SECOND


@pytest.fixture
def root() -> Root:
    key = authority.new_key()
    return Root(authority.make_root("Saint Elisabeth", NAME, ADDRESSES, key, NOW), key)


def server(root: Root, names: list[x509.GeneralName], place: Path) -> Path:
    made = authority.issue(root, names, "server", authority.new_key().public_key(), NOW)
    path = place / "server.pem"
    path.write_bytes(authority.pem(made))
    return path


def verified(root: Root, certificate: Path) -> str:
    path = certificate.with_name("root.pem")
    path.write_bytes(authority.pem(root.certificate))
    words = ["openssl", "verify", "-x509_strict", "-CAfile", path, certificate]
    done = subprocess.run(words, capture_output=True, check=False, text=True)
    return done.stdout + done.stderr


def test_openssl_takes_the_servers_certificate(root: Root, tmp_path: Path) -> None:
    path = server(root, authority.host_names(NAME, ADDRESSES), tmp_path)
    assert verified(root, path).endswith(": OK\n")


@pytest.mark.parametrize(
    "name", [x509.DNSName("mail.hospital.internal"), x509.DNSName("example.org")]
)
def test_a_certificate_for_any_other_host_is_worth_nothing(
    name: x509.GeneralName, root: Root, tmp_path: Path
) -> None:
    assert "permitted subtree violation" in verified(root, server(root, [name], tmp_path))


def test_a_root_says_what_it_may_vouch_for_and_keys_are_read_back(root: Root) -> None:
    assert authority.covered(root.certificate) == (NAME, ADDRESSES)
    again = authority.read_key(authority.key_bytes(root.key))
    assert again.private_numbers() == root.key.private_numbers()
    assert authority.days_left(root.certificate, NOW) == 3_652
    assert ssl.PEM_cert_to_DER_cert(authority.pem(root.certificate).decode()) == authority.der(
        root.certificate
    )
