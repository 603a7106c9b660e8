"""A ward's pack on its way: from a message to a stick, opened on a machine without a server."""

from __future__ import annotations

import base64
import io
import json
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pypdf
import pytest
from tests.stories.site_server import (
    ENVIRONMENT,
    PATIENCE_SECONDS,
    SiteServer,
    message,
    wardkeep,
)

from wardkeep.adapters.delivery_targets import target_of
from wardkeep.adapters.key_ring import load_key_ring
from wardkeep.adapters.operations_store import read_operations
from wardkeep.adapters.pack_shelf import PackShelf
from wardkeep.app.control import call
from wardkeep.app.delivering import desk_of, hear_openings, read_standing, site_folder
from wardkeep.app.folder import open_folder
from wardkeep.app.pack_ledger import delivery_ledger, recorder
from wardkeep.app.settings import load_site
from wardkeep.cli.main import main
from wardkeep.pack.delivery import Standing
from wardkeep.pack.delivery_asks import Ask
from wardkeep.pack.events import (
    PART,
    PackDeliveryAsked,
    PackDeliveryFailed,
    PackDeliveryOrdered,
    PacksDelivered,
)
from wardkeep.pack.events import decode as decode_event
from wardkeep.pack.events import encode as encode_event
from wardkeep.pack.manifest import decode
from wardkeep.pack.receipt_code import receipt_code
from wardkeep.web.folder_deliveries import FolderDeliveries


class Delivering:
    """A server that delivers to a folder, and what a nurse on ward B2 has of it."""

    def __init__(self, folder: Path) -> None:
        self.server = SiteServer(folder / "hospital")
        self.share = folder / "share"
        self.share.mkdir()
        # Takes every connection and never says a word, like a server that hangs.
        self.silent = socket.create_server(("127.0.0.1", 0))
        with (self.server.folder / "wardkeep.toml").open("a") as settings:
            settings.write(
                f'\n[[deliveries]]\nname = "share"\npath = "{self.share}"\n'
                '[[deliveries]]\nname = "gone"\npath = "/nowhere/at/all"\n'
                '[[deliveries]]\nname = "silent"\nkind = "sftp"\npath = "packs"\nuser = "u"\n'
                f'host = "127.0.0.1"\nport = {self.silent.getsockname()[1]}\n'
                'key_file = "none"\nknown_hosts_file = "none"\n'
            )
        self.log = folder / "opened.jsonl"
        self.envelopes = folder / "envelopes.pdf"

    @property
    def there(self) -> Path:
        return self.share / "wardkeep-SITE"

    def words(self, ward: str) -> str:
        pages = pypdf.PdfReader(self.envelopes).pages
        text = next(t for page in pages if f" {ward}\n" in (t := page.extract_text()))
        words = dict(re.findall(r"^(\d{1,2}) +([a-z]{3,8})$", text, re.MULTILINE))
        return " ".join(words[str(number)] for number in range(1, 25))

    def opened(self, file: Path, key: str, *more: str) -> tuple[httpx.Response, str]:
        """Open a pack as on a kit machine and look at the address that it tells."""
        with subprocess.Popen(
            [sys.executable, "-m", "wardkeep", "open", str(file), "--key", "-",
             "--log", str(self.log), *more],
            env=ENVIRONMENT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        ) as process:  # fmt: skip
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(key)
            process.stdin.close()
            address = process.stdout.readline().strip()
            shown = httpx.get(address, trust_env=False, timeout=PATIENCE_SECONDS)
            said = process.stdout.read()
        assert process.returncode == 0
        return shown, said


@pytest.fixture(scope="module")
def ward(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Delivering]:
    made = Delivering(tmp_path_factory.mktemp("delivering"))
    made.server.start()
    made.server.send(message(1, record="8001", ward="B2"))
    made.server.await_that((made.there / "manifest.json").exists)
    wardkeep("keys", "envelopes", made.server.folder, "--out", made.envelopes)
    yield made
    assert made.server.stop() == 0
    made.silent.close()


def test_a_message_reaches_the_share_as_a_page_that_its_envelope_opens(
    ward: Delivering,
) -> None:
    page = ward.there / "B2.html"
    assert b"Peeters" not in page.read_bytes()
    assert b"PEETERS" not in page.read_bytes()
    shown, said = ward.opened(page, ward.words("B2"), "--json")
    assert "PEETERS" in shown.text
    assert "NOT VERIFIED" not in shown.text
    told = json.loads(said.splitlines()[-1])
    assert (told["verified"], told["ward"], told["unread"]) == (True, "B2", 0)
    [line] = ward.log.read_text().splitlines()
    assert json.loads(line)["ward"] == "B2"
    assert told["note_left"]


def test_the_site_learns_from_the_place_that_it_was_opened_and_a_person_says_what_is_in_hand(
    ward: Delivering,
) -> None:
    folder = open_folder(ward.server.folder)
    ring, site = load_key_ring(folder.keys), load_site(folder)
    shelf = json.loads(wardkeep("shelf", folder.path, "--json"))[0]
    assert shelf["accepted"]["state"] == "not known"
    desk, ledger = desk_of(folder, site, ring), delivery_ledger(folder, ring)
    with closing(ledger):
        target = target_of(site.deliveries[0], site_folder(site))
        standing = read_standing(folder)["share"]
        said = hear_openings(desk, "share", target, standing, ledger.receipts())
        recorder(folder, ring)(said)
        assert hear_openings(desk, "share", target, standing, ledger.receipts()) == []
    told = json.loads(
        wardkeep("accept", folder.path, "--ward", "B2", "--by", "An Maes", "--json")
    )
    assert (told["ward"], told["newest"], told["said_by"]) == ("B2", True, "An Maes")
    [ward_b2] = json.loads(wardkeep("shelf", folder.path, "--json"))
    [fetched] = ward_b2["fetched"]
    assert (fetched["state"], fetched["target"]) == ("said by the place", "share")
    assert ward_b2["accepted"]["as_of"] == ward_b2["as_of"]
    assert "in hand: generation 1, as of" in wardkeep("shelf", folder.path)


def test_the_code_of_a_cover_sheet_is_taken_and_a_wrong_one_refused_in_plain_words(
    ward: Delivering, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = open_folder(ward.server.folder)
    built = PackShelf(folder.packs, load_key_ring(folder.keys)).standing().newest["B2"]
    code = receipt_code("B2", built.generation, built.digest)
    told = json.loads(wardkeep("accept", folder.path, "--code", code.lower(), "--json"))
    assert (told["ward"], told["generation"]) == ("B2", built.generation)
    accept = ["accept", str(folder.path)]
    assert main([*accept, "--code", code[:-1]]) == 2
    assert "read again, letter by letter" in capsys.readouterr().err
    assert main([*accept, "--code", receipt_code("B2", 99, "0" * 64)]) == 6
    assert main([*accept, "--ward", "B2", "--generation", "99"]) == 6
    assert main([*accept, "--ward", "C9"]) == 6
    assert main(accept) == 2
    assert main([*accept, "--code", code, "--generation", "1"]) == 2


def test_the_encrypted_pdf_beside_it_opens_too(ward: Delivering) -> None:
    [pdf] = ward.there.glob("B2-*.pdf.age")
    shown, said = ward.opened(pdf, ward.words("B2"))
    assert "may tell the site" in said, "whether it does, nobody here knows"
    assert shown.headers["content-type"] == "application/pdf"
    pages = pypdf.PdfReader(io.BytesIO(shown.content)).pages
    assert "PEETERS" in "".join(page.extract_text() for page in pages)


def test_a_wrong_key_opens_nothing_and_says_so(ward: Delivering) -> None:
    other = "legal winner thank year wave sausage worth useful legal winner thank year wave"
    other += " sausage worth useful legal winner thank year wave sausage worth title"
    wardkeep("open", ward.there / "B2.html", "--key", other, "--log", ward.log, status=8)


def test_the_shelf_tells_what_each_target_has(ward: Delivering) -> None:
    standing = open_folder(ward.server.folder)
    ward.server.await_that(
        lambda: read_standing(standing).get("gone", Standing()).failing_since
    )
    [told] = json.loads(wardkeep("shelf", ward.server.folder, "--json"))
    states = {each["target"]: each["state"] for each in told["deliveries"]}
    # A server that hangs has nothing and held up nobody.
    assert states.pop("silent") in {"missing", "failing"}
    assert (told["ward"], told["whole"], states) == (
        "B2",
        True,
        {"share": "delivered", "gone": "failing"},
    )
    ward.server.await_that(lambda: "delivery-failing" in alarms(ward.server.folder))


def alarms(folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "wardkeep", "alarms", str(folder), "--json"],
        capture_output=True, check=False, env=ENVIRONMENT, text=True,
    )  # fmt: skip
    return done.stdout


def test_a_stick_is_filled_by_hand_and_a_target_that_failed_is_told(
    ward: Delivering, tmp_path: Path
) -> None:
    wardkeep("deliver", ward.server.folder, "--to", tmp_path)
    manifest = decode((tmp_path / "wardkeep-SITE" / "manifest.json").read_bytes())
    assert [each.ward for each in manifest.packs] == ["B2"]
    wardkeep("deliver", ward.server.folder, "--ward", "9Z", "--to", tmp_path, status=6)


def test_what_was_ordered_and_what_came_of_it_is_recorded(ward: Delivering) -> None:
    ring = load_key_ring(ward.server.folder / "keys")
    with closing(read_operations(ward.server.folder / "operations", ring)) as ledger:
        told = [
            decode_event(f"{e.name}.v{e.version}", e.body) for _, e in ledger.after(0, PART)
        ]
    ordered = [each for each in told if isinstance(each, PackDeliveryOrdered)]
    assert [(each.target, each.wards) for each in ordered] == [("--to", ("B2",))]
    assert ordered[0].by.startswith("os:")
    assert {e.target for e in told if isinstance(e, PacksDelivered)} == {"share", "--to"}
    assert "gone" in {each.target for each in told if isinstance(each, PackDeliveryFailed)}


def test_a_share_that_lost_a_pack_gets_it_again_when_somebody_asks_on_the_page(
    ward: Delivering,
) -> None:
    folder = open_folder(ward.server.folder)
    ring = load_key_ring(folder.keys)
    (ward.there / "B2.html").unlink()

    def send(asked: PackDeliveryAsked) -> None:
        body = base64.b64encode(encode_event(asked)[1]).decode()
        call(folder.control_socket, "operations.append", {"part": PART, "body": body})

    deliveries = FolderDeliveries(folder, delivery_ledger(folder, ring), send)
    deliveries.ask("share", "ines")

    def ended() -> Ask | None:
        told = deliveries.asks()  # None while the ledger cannot be read
        return told["share"] if told and not told["share"].is_open else None

    ward.server.await_that(ended)
    ask = ended()
    assert ask is not None
    assert ask.begun is not None
    assert (ask.begun.by, ask.begun.wards) == ("ines", ("B2",))
    assert isinstance(ask.outcome, PacksDelivered)
    assert (ward.there / "B2.html").exists()
    assert deliveries.standing()["share"].failing_since is None


def test_an_altered_page_is_refused_and_opens_only_marked_by_broken_glass(
    ward: Delivering, tmp_path: Path
) -> None:
    altered = tmp_path / "B2.html"
    content = (ward.there / "B2.html").read_bytes()
    at = content.index(b'id="wardkeep-sheets">') + 3_000
    flipped = b"A" if content[at : at + 1] != b"A" else b"B"
    altered.write_bytes(content[:at] + flipped + content[at + 1 :])
    key = ward.words("B2")
    wardkeep("open", altered, "--key", key, "--log", ward.log, status=4)
    shown, said = ward.opened(altered, key, "--break-glass", "An Maes", "no other copy")
    heads = shown.text.count('<table class="sheet"')
    assert heads
    assert shown.text.count("NOT VERIFIED · opened by An Maes: no other copy") == 2 * heads + 1
    assert "NOT VERIFIED" in said
    assert json.loads(ward.log.read_text().splitlines()[-1])["by"] == "An Maes"
