import ssl
from pathlib import Path

import pytest

from wardkeep.adapters.key_ring import KeyRing, make_key_ring
from wardkeep.app import own_authority as own
from wardkeep.app.errors import AuthorityError
from wardkeep.app.folder import HospitalFolder, lay_out

NOW = 1_700_000_000_000_000
NAME = "crisis.hospital.internal"


@pytest.fixture
def made(tmp_path: Path) -> tuple[HospitalFolder, KeyRing]:
    folder = lay_out(tmp_path / "hospital", "")
    ring, _ = make_key_ring(folder.keys)
    own.make(folder, ring, "Saint Elisabeth", NAME, ("10.1.2.3",), NOW)
    return folder, ring


def test_the_roots_key_is_wrapped_and_a_root_is_never_replaced(
    made: tuple[HospitalFolder, KeyRing],
) -> None:
    folder, ring = made
    assert (folder.ca / "root.key").read_bytes().startswith(b"age-encryption.org")
    assert (folder.path / "keys" / "tls.key").stat().st_mode & 0o077 == 0
    before = (folder.ca / "root.crt").read_bytes()
    with pytest.raises(AuthorityError, match="already there"):
        own.make(folder, ring, "Other", NAME, (), NOW)
    first = own.server_certificate_of(folder)
    own.renew(folder, ring, NOW)
    assert own.server_certificate_of(folder) != first
    assert (folder.ca / "root.crt").read_bytes() == before


def test_a_feed_gets_a_certificate_below_the_boxs_own_name(
    made: tuple[HospitalFolder, KeyRing], tmp_path: Path
) -> None:
    folder, ring = made
    out = tmp_path / "adt.pem"
    told = own.issue_to_feed(folder, ring, "ADT_main", out, NOW)
    assert told.names == (f"adt-main.feeds.{NAME}",)
    ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_cert_chain(out)
    assert out.stat().st_mode & 0o077 == 0
    with pytest.raises(AuthorityError, match="already there"):
        own.issue_to_feed(folder, ring, "ADT_main", out, NOW)
    with pytest.raises(AuthorityError, match="no folder"):
        own.issue_to_feed(folder, ring, "adt", tmp_path / "no" / "x.pem", NOW)


@pytest.mark.parametrize(
    ("name", "addresses"), [("", ()), ("a b", ()), ("-a.b", ()), ("a.b", ("10.1.2",))]
)
def test_what_cannot_be_named_in_a_certificate_is_refused_before_anything_is_made(
    name: str, addresses: tuple[str, ...], tmp_path: Path
) -> None:
    folder = lay_out(tmp_path / "hospital", "")
    ring, _ = make_key_ring(folder.keys)
    with pytest.raises(AuthorityError):
        own.make(folder, ring, "H", name, addresses, NOW)
    assert not folder.ca.exists()


def test_without_an_authority_it_is_said_how_to_make_one(tmp_path: Path) -> None:
    folder = lay_out(tmp_path / "hospital", "")
    ring, _ = make_key_ring(folder.keys)
    with pytest.raises(AuthorityError) as told:
        own.renew(folder, ring, NOW)
    assert "wardkeep ca make" in told.value.advice
