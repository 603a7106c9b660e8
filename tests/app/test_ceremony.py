"""A key ceremony, and the day when all that is left is a backup and two sheets."""

import io
import json
import re
import shutil
import subprocess
from pathlib import Path

import pypdf
import pytest
from tests.stories.site_server import SiteServer, message, wardkeep
from tests.stories.two_boxes import SecondBox, invitation, may_be_copied

from wardkeep.adapters.share_dealing import deal
from wardkeep.app.ceremony import Rule, hold_ceremony, into_folder, sheets_as_pdf, to_printer
from wardkeep.app.errors import UnwritableFileError
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.key_rotation import open_source
from wardkeep.custody.errors import CeremonyBrokenOffError, CeremonyError
from wardkeep.ledger.recovery_shares import sheets_in
from wardkeep.paper.words import LANGUAGES

RULE = Rule(sheets=3, needed=2, officers=("An Peeters", "Bo Maes", "Cé Dupont"))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    folder = tmp_path_factory.mktemp("made") / "site"
    return folder, json.loads(wardkeep("init", folder, "--json"))["recovery_words"]


@pytest.fixture
def site(made: tuple[Path, str], tmp_path: Path) -> HospitalFolder:
    shutil.copytree(made[0], tmp_path / "site")
    return HospitalFolder(tmp_path / "site")


def text_of(pdf: bytes) -> str:
    done = subprocess.run(
        ["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True
    )
    return done.stdout.decode()


def words_on(pdf: bytes) -> str:
    """The words as a tired person reads them: by their numbers."""
    numbered = re.findall(r"^(\d{1,2})\s+([a-z]{3,})$", text_of(pdf), re.MULTILINE)
    found = {int(number): word for number, word in numbered}
    return " ".join(found[n] for n in range(1, 34))


def test_every_language_has_one_page_with_33_words_and_ten_steps(site: HospitalFolder) -> None:
    words = deal(bytes(32), 2, 3)
    for language in LANGUAGES:
        rule = Rule(sheets=3, needed=2, officers=RULE.officers, language=language)
        for sheet, pdf in zip(words, sheets_as_pdf(site, rule, words, 0), strict=True):
            assert len(pypdf.PdfReader(io.BytesIO(pdf)).pages) == 1
            assert words_on(pdf) == sheet
            told = "".join(text_of(pdf).split())  # a long path is broken into lines
            assert "10." in told
            assert f"wardkeeprecover-key{site.path}" in told
            assert f"wardkeeprestore{site.path}--fromBACKUP" in told
    many = deal(bytes(32), 2, 16)
    for pdf in sheets_as_pdf(site, Rule(sheets=16), many, 0)[:2]:
        assert len(pypdf.PdfReader(io.BytesIO(pdf)).pages) == 1


def test_a_backup_without_keys_opens_with_two_sheets_and_serves(tmp_path: Path) -> None:
    server = SiteServer(tmp_path / "hospital")
    server.start()
    server.send(message(1))
    chart = wardkeep("chart", server.folder, "4711", "--json")
    out = tmp_path / "sheets"
    out.mkdir()
    wardkeep("keys", "ceremony", server.folder, "--out", out)
    server.stop()
    backup = tmp_path / "backup"
    shutil.copytree(server.folder, backup, ignore=shutil.ignore_patterns("keys", "run"))
    shutil.rmtree(server.folder)
    wardkeep("recover-key", backup, status=1, words_in=server.made["recovery_words"])
    sheets = [words_on((out / f"recovery-sheet-{n}.pdf").read_bytes()) for n in (3, 1)]
    wardkeep("recover-key", backup, status=1, words_in=sheets[0])
    wardkeep("recover-key", backup, words_in="\n\n".join(sheets))
    assert json.loads(wardkeep("verify", backup, "--json"))["ok"]
    server.folder = backup
    server.start()
    try:
        again = wardkeep("chart", backup, "4711", "--json")
        assert json.loads(again) == json.loads(chart)
        server.send(message(2, "4712"))
    finally:
        server.stop()


def test_a_second_box_holds_no_ceremony_and_opens_with_the_words_of_its_pairing(
    tmp_path: Path,
) -> None:
    first, out = SiteServer(tmp_path / "first"), tmp_path / "sheets"
    out.mkdir()
    port = may_be_copied(first)
    first.start()
    second = SecondBox(tmp_path / "second", port, invitation(first.folder, "b2"), first)
    second.start()
    try:
        said = wardkeep("keys", "ceremony", first.folder, "--out", out)
        assert "KEEP THEM SEALED" in said
        assert "wardkeep backup" in said
        second.await_even()
        for sheet in out.iterdir():
            sheet.unlink()
        before = {path: path.read_bytes() for path in (second.folder / "keys").iterdir()}
        _all_refused(second.folder, out)
    finally:
        second.stop()
        first.stop()
    _all_refused(second.folder, out)
    assert before == {path: path.read_bytes() for path in (second.folder / "keys").iterdir()}
    told = wardkeep("keys", "status", second.folder)
    assert "when this folder was made" in told
    assert "2 of 3" not in told
    assert json.loads(wardkeep("keys", "status", second.folder, "--json"))["follows"]
    (second.folder / "keys" / "server.key").unlink()
    wardkeep("recover-key", second.folder, words_in=first.made["recovery_words"])


def _all_refused(folder: Path, out: Path) -> None:
    for asked in (("ceremony", "--out", out), ("rotate",), ("rotate", "--recovery")):
        told = wardkeep("keys", asked[0], folder, *asked[1:], "--json", status=1)
        error = json.loads(told)["error"]
        assert error["code"] == "copied-ledger"
        assert "this box follows another" in json.dumps(error)
    assert list(out.iterdir()) == []


def test_sheets_typed_back_are_confirmed_and_recorded_without_a_secret(
    site: HospitalFolder,
) -> None:
    printed: dict[int, bytes] = {}
    hold_ceremony(
        site,
        RULE,
        "os:an",
        printed.__setitem__,
        lambda place: words_on(printed[place]),
        lambda _done, _total: None,
    )
    told = json.loads(wardkeep("keys", "status", site.path, "--json"))["recovery"]
    assert (told["sheets"], told["needed"], told["confirmed"]) == (3, 2, True)
    assert told["officers"] == list(RULE.officers)
    assert not any(word in json.dumps(told).split() for word in words_on(printed[1]).split())


def test_a_sheet_typed_otherwise_breaks_the_ceremony_off_and_the_old_words_open(
    site: HospitalFolder, made: tuple[Path, str]
) -> None:
    with pytest.raises(CeremonyBrokenOffError):
        hold_ceremony(site, RULE, "x", lambda *_: None, lambda _: "no words", lambda *_: None)
    shutil.rmtree(site.keys)
    wardkeep("recover-key", site.path, words_in=made[1])
    assert open_source(site).ring.signing_key()


def test_a_printer_that_is_not_there_breaks_the_ceremony_off(site: HospitalFolder) -> None:
    with pytest.raises(CeremonyBrokenOffError):
        hold_ceremony(site, RULE, "x", to_printer("no-such-printer"), None, lambda *_: None)
    assert open_source(site).ring.signing_key()


def test_a_folder_for_the_sheets_that_is_missing_is_named_with_how_to_make_it(
    tmp_path: Path,
) -> None:
    with pytest.raises(UnwritableFileError, match="no such folder") as refused:
        into_folder(tmp_path / "sheets")
    assert refused.value.advice.endswith(f"mkdir -m 700 {tmp_path / 'sheets'}")


def test_a_ceremony_that_no_two_people_keep_is_refused(site: HospitalFolder) -> None:
    with pytest.raises(CeremonyError):
        hold_ceremony(
            site, Rule(sheets=3, needed=1), "x", lambda *_: None, None, lambda *_: None
        )


def test_sheets_lie_in_private_files_named_by_their_number_alone(
    site: HospitalFolder, tmp_path: Path
) -> None:
    out = tmp_path / "sheets"
    out.mkdir()
    told = wardkeep(
        "keys",
        "ceremony",
        site.path,
        "--out",
        out,
        "--officer",
        "An Peeters",
        "--officer",
        "Bo Maes",
        "--sheets",
        "2",
        "--json",
    )
    assert json.loads(told)["ok"]
    assert sorted(p.name for p in out.iterdir()) == [
        "recovery-sheet-1.pdf",
        "recovery-sheet-2.pdf",
    ]
    assert {p.stat().st_mode & 0o777 for p in out.iterdir()} == {0o600}
    assert len(sheets_in(words_on((out / "recovery-sheet-1.pdf").read_bytes()))) == 1
