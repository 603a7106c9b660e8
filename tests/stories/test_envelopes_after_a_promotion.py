"""The first box burns: the envelopes on the wards open what the second one seals."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pypdf
import pytest
from tests.stories.site_server import message, wardkeep
from tests.stories.test_delivered_packs import Delivering
from tests.stories.two_boxes import SecondBox, burn, invitation, may_be_copied

from wardkeep.pack.manifest import decode


class AfterTheFire:
    """What is left: the second box, now the first; envelopes and a kit from before."""

    def __init__(self, folder: Path) -> None:
        self.ward = Delivering(folder)
        first = self.ward.server
        port = may_be_copied(first)
        first.start()
        first.send(message(1, record="8001", ward="B2"))
        first.await_that((self.ward.there / "manifest.json").exists)
        self.second = SecondBox(
            folder / "second", port, invitation(first.folder, "box-2"), first
        )
        with (self.second.folder / "wardkeep.toml").open("a") as settings:
            settings.write(f'\n[[deliveries]]\nname = "share"\npath = "{self.ward.share}"\n')
        self.second.start()
        wardkeep("keys", "envelopes", first.folder, "--out", self.ward.envelopes)
        self.words = self.ward.words("B2")
        _, self.said_before = self.ward.opened(self.page, self.words, "--json")
        self.second.await_even(1)
        burn(first)
        before = self.counter()  # only now: until then the first may deliver again
        self.second.await_silence()
        told = wardkeep("follow", self.second.folder, "--promote", "box 1 burnt", "--json")
        self.promoted = json.loads(told)
        self.second.await_that(lambda: self.counter() > before)

    @property
    def page(self) -> Path:
        return self.ward.there / "B2.html"

    def counter(self) -> int:
        return decode((self.ward.there / "manifest.json").read_bytes()).counter

    def opens(self) -> bytes:
        """Return what the old envelope opens on a kit that knows nothing yet."""
        shown, _ = self.ward.opened(self.page, self.words, "--log", str(self.ward.log) + ".new")
        return shown.content


@pytest.fixture(scope="module")
def after(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AfterTheFire]:
    made = AfterTheFire(tmp_path_factory.mktemp("fire"))
    yield made
    assert made.second.stop() == 0
    made.ward.silent.close()


def test_the_old_envelope_opens_what_the_new_first_seals(after: AfterTheFire) -> None:
    assert b"8001" in after.opens()
    assert "ward-B2" in after.promoted["envelopes"]
    assert not list((after.second.folder / "pack-keys").glob("ward-B2.key"))


def test_a_kit_that_knew_the_first_does_not_verify_until_it_is_told_of_the_change(
    after: AfterTheFire,
) -> None:
    key, log = after.words, after.ward.log
    wardkeep("open", after.page, "--key", key, "--log", log, status=4)
    signer = after.promoted["fingerprint"]
    assert signer != json.loads(after.said_before.splitlines()[-1])["signer"]
    shown, said = after.ward.opened(after.page, key, "--fingerprint", signer)
    assert "NOT VERIFIED" not in shown.text
    assert signer in said


def test_the_wall_card_of_before_names_the_box_that_took_over(after: AfterTheFire) -> None:
    pages = pypdf.PdfReader(io.BytesIO(after.ward.envelopes.read_bytes())).pages
    for page in pages:
        text = " ".join(page.extract_text().split())
        assert "box-2 took over" in text
        assert after.promoted["fingerprint"] in text


def test_an_envelope_whose_secret_burnt_is_not_printed_and_made_anew_only_when_asked(
    after: AfterTheFire, tmp_path: Path
) -> None:
    out, words = tmp_path / "envelopes.pdf", ("keys", "envelopes", after.second.folder)
    wardkeep(*words, "--ward", "B2", "--out", out, status=3)
    assert not out.exists()
    told = json.loads(wardkeep(*words, "--ward", "B2", "--out", out, "--new", "--json"))
    assert (told["holders"], told["elsewhere"]) == (["B2"], [])
    wardkeep("deliver", after.second.folder, "--ward", "B2", "--to", tmp_path)
