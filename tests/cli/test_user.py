from __future__ import annotations

import json
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from tests.stories.site_server import ENVIRONMENT, SiteServer, browser, wardkeep

from wardkeep.access.events import Role
from wardkeep.access.one_time_code import digest_of
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
    assert [(a["name"], a["roles"], a["disabled"], a["totp"]) for a in listed] == [
        ("anna", ["nurse"], False, False),
        ("lead", ["it", "lead"], False, False),
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
        (["password", "lead"], "short", (2, "5 characters")),
        (["password", "nobody"], "correct horse battery", (6, "nobody")),
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
    more = ["--password-stdin"] if action != "disable" else []
    assert main(["user", action, str(hospital), name, *more]) == refusal[0]
    assert refusal[1] in capsys.readouterr().err
    assert set(SiteAccounts(open_folder(hospital)).accounts()) == {"lead"}


def test_a_forgotten_password_is_given_anew_and_whoever_was_logged_in_is_no_more(
    tmp_path: Path,
) -> None:
    server = SiteServer(tmp_path / "hospital")
    server.start()
    try:
        with browser(server) as ward_pc:
            assert ward_pc.get("/account").status_code == 200
            words = ("user", "password", server.folder, "lead", "--password-stdin")
            told = wardkeep(*words, words_in="correct horse battery\n")
            assert told.startswith("lead has a new password")
            assert ward_pc.get("/account").status_code == 303
        server.made["password"] = "correct horse battery"
        with browser(server) as ward_pc:
            assert ward_pc.get("/account").status_code == 200
    finally:
        server.stop()


def test_a_new_password_opens_no_disabled_account(
    hospital: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed(monkeypatch, "correct horse battery")
    main(["user", "add", str(hospital), "anna", "--password-stdin"])
    main(["user", "disable", str(hospital), "anna"])
    typed(monkeypatch, "another horse battery")
    assert main(["user", "password", str(hospital), "anna", "--password-stdin"]) == 0
    assert "still cannot log in" in capsys.readouterr().out
    account = SiteAccounts(open_folder(hospital)).accounts()["anna"]
    assert account.disabled
    assert password_fits(account.password_hash, "another horse battery")


@pytest.mark.parametrize("action", ["add", "password"])
def test_where_nobody_can_type_the_option_for_it_is_named(hospital: Path, action: str) -> None:
    # Without a terminal of its own: as cron and systemd start a verb.
    done = subprocess.run(
        [sys.executable, "-m", "wardkeep", "user", action, str(hospital), "anna"],
        capture_output=True,
        check=False,
        env=ENVIRONMENT,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        text=True,
    )
    assert done.returncode == 2
    assert "--password-stdin" in done.stderr
    assert "Traceback" not in done.stderr
    assert "echo" not in done.stderr


def test_roles_codes_and_factors_are_changed_from_the_terminal(
    hospital: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed(monkeypatch, "correct horse battery")
    main(["user", "add", str(hospital), "anna", "--password-stdin"])
    assert main(["user", "roles", str(hospital), "anna", "--role", "physician"]) == 0
    assert main(["user", "disable", str(hospital), "anna"]) == 0
    assert main(["user", "enable", str(hospital), "anna"]) == 0
    capsys.readouterr()
    assert main(["user", "code", str(hospital), "anna"]) == 0
    code = capsys.readouterr().out.splitlines()[0]
    assert main(["user", "factors", str(hospital), "anna", "--remove-all"]) == 0
    assert main(["user", "list", str(hospital)]) == 0
    assert "physician" in capsys.readouterr().out
    anna = SiteAccounts(open_folder(hospital)).accounts()["anna"]
    assert (anna.roles, anna.disabled) == ((Role.PHYSICIAN,), False)
    assert anna.activation == digest_of(code)
