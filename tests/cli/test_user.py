from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest

from wardkeep.access.permission import Permission, granted
from wardkeep.adapters.passwords import password_fits
from wardkeep.app.accounts import SiteAccounts
from wardkeep.app.folder import open_folder
from wardkeep.app.founding import found
from wardkeep.app.settings_text import default_settings_toml
from wardkeep.cli.main import main


@pytest.fixture
def hospital(tmp_path: Path) -> Path:
    folder = tmp_path / "hospital"
    found(folder, default_settings_toml("Val", 2575, 8443), "aegis", 1_772_853_120_000_000)
    return folder


def typed(monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    monkeypatch.setattr("sys.stdin", StringIO(line + "\n"))


def test_an_account_is_added_with_a_password_that_is_no_argument_and_listed_without_it(
    hospital: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed(monkeypatch, "correct horse battery")
    arguments = ["user", "add", str(hospital), "anna", "--role", "ward", "--password-stdin"]
    assert main(arguments) == 0
    assert main(["user", "list", str(hospital), "--json"]) == 0
    told = capsys.readouterr().out
    listed = json.loads(told[told.index("[") :])
    assert listed == [
        {"name": "anna", "roles": ["ward"], "disabled": False},
        {"name": "lead", "roles": ["it", "lead"], "disabled": False},
    ]
    assert "argon2" not in told
    account = SiteAccounts(open_folder(hospital)).accounts()["anna"]
    assert password_fits(account.password_hash, "correct horse battery")
    assert Permission.SEE_QUARANTINE not in granted(account.roles)


def test_a_disabled_account_is_listed_as_such(
    hospital: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed(monkeypatch, "correct horse battery")
    main(["user", "add", str(hospital), "anna", "--password-stdin"])
    assert main(["user", "disable", str(hospital), "anna"]) == 0
    capsys.readouterr()
    main(["user", "list", str(hospital)])
    assert "disabled" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "password", "refusal"),
    [
        (["add", "lead"], "correct horse battery", (1, "already there")),
        (["add", "anna"], "short", (2, "5 characters")),
        (["add", "Anna!"], "correct horse battery", (2, "Anna!")),
        (["disable", "nobody"], "", (6, "nobody")),
        (["disable", "lead"], "", (1, "last account")),
    ],
)
def test_what_is_refused_says_why_and_changes_nothing(
    hospital: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    password: str,
    refusal: tuple[int, str],
) -> None:
    typed(monkeypatch, password)
    action, name = arguments
    more = ["--password-stdin"] if action == "add" else []
    assert main(["user", action, str(hospital), name, *more]) == refusal[0]
    assert refusal[1] in capsys.readouterr().err
    assert set(SiteAccounts(open_folder(hospital)).accounts()) == {"lead"}
