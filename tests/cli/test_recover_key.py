import io
import json
import shutil
from pathlib import Path

import pytest

from wardkeep.adapters.key_ring import load_key_ring
from wardkeep.adapters.share_dealing import deal
from wardkeep.adapters.writer_lock import WriterLock
from wardkeep.cli.main import main


class Site:
    def __init__(self, folder: Path, words: str) -> None:
        self.folder, self.words = folder, words


@pytest.fixture
def site(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Site:
    folder = tmp_path / "site"
    main(["init", str(folder), "--json"])
    return Site(folder, json.loads(capsys.readouterr().out)["recovery_words"])


def recover(site: Site, words: str, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr("sys.stdin", io.StringIO(words))
    return main(["recover-key", str(site.folder)])


def test_with_the_keys_folder_gone_the_words_open_everything(
    site: Site, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pack = site.folder / "packs" / "A2"
    pack.mkdir()
    (pack / "1.pdf.age").write_bytes(load_key_ring(site.folder / "keys").wrap(b"%PDF"))
    shutil.rmtree(site.folder / "keys")
    assert main(["verify", str(site.folder)]) == 4
    assert recover(site, site.words, monkeypatch) == 0
    assert "1 of 1 stores open again" in capsys.readouterr().out
    assert main(["verify", str(site.folder)]) == 0
    assert load_key_ring(site.folder / "keys").unwrap(pack / "1.pdf.age") == b"%PDF"


def test_words_may_be_numbered_and_in_capitals(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbered = "\n".join(f"{n}. {w.upper()}" for n, w in enumerate(site.words.split(), 1))
    assert recover(site, numbered, monkeypatch) == 0


def test_words_from_a_file(site: Site, tmp_path: Path) -> None:
    (tmp_path / "words").write_text(site.words)
    words = ["--words-file", str(tmp_path / "words")]
    assert main(["recover-key", str(site.folder), *words]) == 0


def test_a_misread_word_changes_nothing_and_is_named(
    site: Site, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (site.folder / "keys" / "server.key").read_bytes()
    wrong = site.words.split()
    wrong[4] = "hospitl"
    assert recover(site, " ".join(wrong), monkeypatch) == 1
    assert "word 5" in capsys.readouterr().err
    assert (site.folder / "keys" / "server.key").read_bytes() == before


def test_sheets_of_another_ceremony_are_not_called_24_words(
    site: Site, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert recover(site, "\n\n".join(deal(bytes(32), 2, 3)[:2]), monkeypatch) == 1
    said = capsys.readouterr().err
    assert "the sheets open nothing in this folder" in said
    assert "another ceremony" in said
    assert "24 words" not in said


def test_a_key_file_that_is_damaged_is_named_and_the_others_open(
    site: Site, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (site.folder / "chart" / "chart.key").write_bytes(b"damaged")
    assert recover(site, site.words, monkeypatch) == 4
    said = capsys.readouterr()
    assert "chart/chart.key" in said.err
    assert "1 of 2 stores" in said.out
    assert main(["verify", str(site.folder)]) == 0


def test_a_lost_signing_key_is_made_anew_and_the_old_one_may_still_be_brought_back(
    site: Site, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = (site.folder / "signing.key").read_bytes()
    (site.folder / "signing.key").write_bytes(b"")
    assert main(["serve", str(site.folder)]) == 4
    assert "Bring signing.key back" in capsys.readouterr().err
    assert recover(site, site.words, monkeypatch) == 4
    assert "Another signing key was made" in capsys.readouterr().err
    (site.folder / "signing.key").write_bytes(kept)
    assert recover(site, site.words, monkeypatch) == 0
    assert main(["verify", str(site.folder)]) == 0


def test_beside_a_running_writer_nothing_is_changed(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    with WriterLock(site.folder / "run" / "writer.lock"):
        assert recover(site, site.words, monkeypatch) == 1


def test_an_old_server_key_that_is_put_back_shows_no_empty_hospital(
    site: Site, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    old = (site.folder / "keys" / "server.key").read_bytes()
    assert main(["wards", str(site.folder)]) == 0
    recover(site, site.words, monkeypatch)
    (site.folder / "keys" / "server.key").write_bytes(old)
    for verb in ("wards", "serve", "streams"):
        assert main([verb, str(site.folder)]) == 4
        assert "wardkeep recover-key DIR" in capsys.readouterr().err
    assert main(["check", str(site.folder)]) == 1
    assert "opens no store" in capsys.readouterr().out
    recover(site, site.words, monkeypatch)
    assert main(["wards", str(site.folder)]) == 0


def test_a_script_reads_what_was_opened(
    site: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (site.folder / "chart" / "chart.key").write_bytes(b"damaged")
    (tmp_path / "words").write_text(site.words)
    words = ["--words-file", str(tmp_path / "words"), "--json"]
    assert main(["recover-key", str(site.folder), *words]) == 4
    told = json.loads(capsys.readouterr().out)
    assert told == {"ok": False, "stores": 2, "opened": 1, "closed": ["chart/chart.key"]}
    (tmp_path / "words").write_text("wrong")
    assert main(["recover-key", str(site.folder), *words]) == 1
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "recovery-words"
