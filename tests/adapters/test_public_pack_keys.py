from pathlib import Path

import pyrage
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from wardkeep.adapters.errors import KeyElsewhereError
from wardkeep.adapters.key_ring import KeyRing, make_key_ring
from wardkeep.adapters.pack_keys import CRISIS, PackKeys, of_ward, seal
from wardkeep.adapters.public_pack_keys import (
    adopt,
    keep,
    named,
    other_keys,
    public_keys,
    sign_again,
)
from wardkeep.ledger.errors import KeyMissingError


def a_box(folder: Path) -> tuple[KeyRing, PackKeys]:
    (folder / "keys").mkdir(parents=True)
    ring = make_key_ring(folder / "keys")[0]
    return ring, PackKeys(folder / "pack-keys", ring)


def handed_over(tmp_path: Path) -> tuple[PackKeys, PackKeys, KeyRing]:
    _, first = a_box(tmp_path / "first")
    ring, second = a_box(tmp_path / "second")
    first.words(of_ward("4B"))
    keep(tmp_path / "second" / "pack-keys", first.public().items(), ring.signing_key())
    return first, second, ring


def test_the_first_s_envelope_opens_what_a_box_seals_that_has_no_secret(
    tmp_path: Path,
) -> None:
    first, second, _ = handed_over(tmp_path)
    sealed = seal(b"pack", second.recipients(of_ward("4B")))
    opened = pyrage.decrypt(
        sealed, [pyrage.x25519.Identity.from_str(first.identity("ward-4B"))]
    )
    assert opened == b"pack"
    with pytest.raises(KeyElsewhereError):
        second.words(of_ward("4B"))
    assert not (tmp_path / "second" / "pack-keys" / "ward-4B.key").exists()


def test_a_list_that_somebody_else_wrote_is_never_sealed_to(tmp_path: Path) -> None:
    _, second, _ = handed_over(tmp_path)
    folder = tmp_path / "second" / "pack-keys"
    attacker = str(pyrage.x25519.Identity.generate().to_public())
    (folder / "public.json").unlink()
    keep(folder, [("ward-4B", attacker)], Ed25519PrivateKey.generate())
    with pytest.raises(KeyMissingError):
        second.recipients(of_ward("4B"), CRISIS)
    assert not list(folder.glob("*.key")), "no key is made in its place either"


def a_key() -> str:
    return str(pyrage.x25519.Identity.generate().to_public())


def test_a_first_that_names_another_key_replaces_none_until_a_person_adopts_it(
    tmp_path: Path,
) -> None:
    first, second, ring = handed_over(tmp_path)
    folder, own = tmp_path / "second" / "pack-keys", ring.verifying_key()
    known, attacker = dict(second.public()), a_key()
    said = keep(folder, [("ward-4B", attacker), ("kitchen", a_key())], ring.signing_key())
    assert "ward-4B" in said
    assert "kitchen" not in said
    assert second.public()["ward-4B"] == known["ward-4B"] == first.public()["ward-4B"]
    assert other_keys(folder, own) == {"ward-4B": attacker}
    assert keep(folder, [], ring.signing_key()), "it stands until somebody decides"
    told = named(folder, own)
    with pytest.raises(KeyError):
        adopt(folder, told, ["ward-4B", "ICU"], ring.signing_key())
    assert second.public()["ward-4B"] == known["ward-4B"]
    keep(folder, [("ward-4B", a_key())], ring.signing_key())
    adopt(folder, told, ["ward-4B"], ring.signing_key())
    assert second.public()["ward-4B"] == attacker, "what was compared, not what came since"
    assert not keep(folder, [("ward-4B", attacker)], ring.signing_key())


def test_what_the_first_names_while_somebody_adopts_is_not_lost(tmp_path: Path) -> None:
    _, second, ring = handed_over(tmp_path)
    folder, own = tmp_path / "second" / "pack-keys", ring.verifying_key()
    compared, later, new = a_key(), a_key(), a_key()
    keep(folder, [("ward-4B", compared)], ring.signing_key())
    told = named(folder, own)
    keep(folder, [("ward-4B", later), ("ward-9", new)], ring.signing_key())
    adopt(folder, told, ["ward-4B"], ring.signing_key())
    assert (second.public()["ward-4B"], second.public()["ward-9"]) == (compared, new)
    assert other_keys(folder, own) == {"ward-4B": later}, "it waits for a person, too"


def test_a_first_that_names_the_known_key_again_is_told_of_no_more(tmp_path: Path) -> None:
    first, _, ring = handed_over(tmp_path)
    folder = tmp_path / "second" / "pack-keys"
    assert keep(folder, [("ward-4B", a_key())], ring.signing_key())
    assert not keep(folder, first.public().items(), ring.signing_key())


@pytest.mark.parametrize("content", [b"damaged", b'{"keys":{},"signature":""}'])
def test_a_damaged_list_is_told_and_not_written_over(tmp_path: Path, content: bytes) -> None:
    first, _, ring = handed_over(tmp_path)
    folder = tmp_path / "second" / "pack-keys"
    (folder / "public.json").write_bytes(content)
    assert "public.json" in keep(folder, first.public().items(), ring.signing_key())
    assert (folder / "public.json").read_bytes() == content


def test_keys_that_are_not_used_cannot_be_put_in_the_place_of_those_that_are(
    tmp_path: Path,
) -> None:
    _, _, ring = handed_over(tmp_path)
    folder = tmp_path / "second" / "pack-keys"
    keep(folder, [("ward-4B", a_key())], ring.signing_key())
    (folder / "public-other.json").replace(folder / "public.json")
    with pytest.raises(KeyMissingError):
        public_keys(folder, ring.verifying_key())


def test_what_is_no_public_key_is_passed_over_and_the_rest_is_kept(tmp_path: Path) -> None:
    _, second, ring = handed_over(tmp_path)
    folder = tmp_path / "second" / "pack-keys"
    keep(folder, [("ward-4B", "age1nothing"), ("", "x")], ring.signing_key())
    assert list(second.public()) == ["ward-4B"]
    keep(folder, [], ring.signing_key())
    assert list(second.public()) == ["ward-4B"], "a first that tells nothing takes nothing away"


def test_keys_stay_good_when_the_box_gets_another_signing_key(tmp_path: Path) -> None:
    _, second, ring = handed_over(tmp_path)
    told, old, new = second.public(), ring.verifying_key(), Ed25519PrivateKey.generate()
    folder = tmp_path / "second" / "pack-keys"
    sign_again(folder, old, new)
    sign_again(folder, old, new)
    assert public_keys(folder, new.public_key()) == told


def test_a_key_of_its_own_goes_before_the_one_that_was_handed_over(tmp_path: Path) -> None:
    first, second, _ = handed_over(tmp_path)
    second.draft(of_ward("4B"))
    words = second.words(of_ward("4B"))
    assert words != first.words(of_ward("4B"))
    assert second.public() == first.public(), "nothing is sealed to it yet"
    second.keep_drafts()
    second.drop_drafts()
    assert second.words(of_ward("4B")) == words
    assert second.public() != first.public()


def test_a_key_that_was_made_aside_and_dropped_was_never_there(tmp_path: Path) -> None:
    first, second, _ = handed_over(tmp_path)
    second.draft(of_ward("4B"))
    second.drop_drafts()
    assert second.public() == first.public()
    assert [p.name for p in (tmp_path / "second" / "pack-keys").iterdir()] == ["public.json"]
    with pytest.raises(KeyElsewhereError):
        second.words(of_ward("4B"))
