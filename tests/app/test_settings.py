"""Settings are read whole or refused with file, line and the nearest known key."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardkeep.app.errors import SettingsError
from wardkeep.app.folder import lay_out
from wardkeep.app.settings import (
    default_settings_toml,
    environment,
    line_of,
    load_site,
    read_site,
)

TWO_FEEDS = b"""\
name = "St. Example"

[rules]
timezone = "Europe/Luxembourg"

[[feeds]]
name = "adt"

[[feeds]]
name = "lab"
port = 2576
"""


def refused(content: bytes) -> str:
    with pytest.raises(SettingsError) as caught:
        read_site(content, "wardkeep.toml")
    assert caught.value.exit_status == 3
    return str(caught.value)


def test_a_new_folder_has_settings_that_can_be_read(tmp_path: Path) -> None:
    folder = lay_out(tmp_path / "h", default_settings_toml("Clinique Émile", 2600, 8600))
    site = load_site(folder)
    assert (site.name, site.web_port) == ("Clinique Émile", 8600)
    assert [(feed.name, feed.host, feed.port) for feed in site.feeds] == [
        ("main", "127.0.0.1", 2600)
    ]
    assert len(site.feeds[0].streams) == 14


def test_files_named_in_settings_are_taken_from_the_folder(tmp_path: Path) -> None:
    settings = (
        TWO_FEEDS.decode() + 'tls_certificate = "keys/lab.pem"\ntls_key = "/etc/lab.key"\n'
    )
    site = load_site(lay_out(tmp_path / "h", settings))
    assert site.feeds[1].tls_certificate == str(tmp_path / "h" / "keys" / "lab.pem")
    assert site.feeds[1].tls_key == "/etc/lab.key"
    assert site.feeds[0].tls_certificate is None


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            b'name = "x"\nweb_prot = 1',
            "wardkeep.toml, line 2: there is no setting 'web_prot'. Nearest known: 'web_port'.",
        ),
        (
            TWO_FEEDS + b'alow = ["10.0.0.0/8"]',
            "wardkeep.toml, line 12: there is no setting 'alow'. Nearest known: 'allow'.",
        ),
        (
            b'name = "x"\ncharting_lag_minutes = 1',
            "It stands above all tables and belongs below [rules].",
        ),
        (
            TWO_FEEDS + b'web_host = "10.1.2.3"',
            "line 12: there is no setting 'web_host'. It stands below [[feeds]]: move it",
        ),
        (
            b'name = "x"\nallow = []',
            "'allow'. It stands above all tables and belongs below [[feeds]].",
        ),
        (b'name = "x"\n[rules]\nqqq = 1', "line 3: there is no setting 'qqq'. Known here: "),
        (b'name = "x"\nweb_port = "8443"', "line 2: the value of 'web_port' does not fit"),
        (b"[rules]\n", "line 1: the setting 'name' is missing."),
        (b'name = "x"\n[[feeds]]\nport = 1', "line 2: the setting 'name' is missing."),
        (TWO_FEEDS + b"rank = true", "line 12: the value of 'rank' does not fit"),
        (TWO_FEEDS + b'[[feeds]]\nname = "adt"\nport = 1', "line 13: 'adt' stands twice."),
        (b"name = ", "wardkeep.toml: not TOML"),
        (b'name = "x"\n# \xff', "wardkeep.toml, line 2: not UTF-8 text."),
        (b"#" * (4 * 1024 * 1024 + 1), "are too many for settings"),
    ],
)
def test_a_mistake_is_named_with_its_line(content: bytes, message: str) -> None:
    assert message in refused(content)


def test_every_fault_is_told_at_once() -> None:
    text = refused(b'name = "x"\nweb_port = 70000\n[rules]\ntimezone = "Mars"\n')
    assert "line 2" in text
    assert "line 4" in text


@given(st.binary(max_size=200))
def test_no_bytes_make_the_reader_stumble(content: bytes) -> None:
    with contextlib.suppress(SettingsError):
        assert read_site(b'name = "x"\n' + content, "wardkeep.toml").name == "x"


def test_settings_that_cannot_be_read_say_why(tmp_path: Path) -> None:
    folder = lay_out(tmp_path / "h", 'name = "x"')
    folder.settings.unlink()
    with pytest.raises(SettingsError, match="No such file"):
        load_site(folder)


def test_a_place_that_is_not_there_falls_back_to_what_surrounds_it() -> None:
    text = TWO_FEEDS.decode()
    assert line_of(text, ("feeds", 1, "port")) == 11
    assert line_of(text, ("feeds", 1, "rank")) == 9
    assert line_of(text, ("feeds", 7, "rank")) == 1
    assert line_of(text, ("rules", "timezone")) == 4
    assert line_of(text, ("wards",)) == 1


@pytest.mark.parametrize(
    ("value", "ci"), [("true", True), ("1", True), ("", False), ("false", False)]
)
def test_ci_is_what_the_environment_says(value: str, ci: bool) -> None:
    assert environment({"CI": value}).ci is ci
    assert environment({}).ci is False
