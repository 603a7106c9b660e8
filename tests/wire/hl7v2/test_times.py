from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardkeep.kernel.times import HOUR, SECOND, Precision
from wardkeep.wire.hl7v2.times import birth_date, parse_moment

BRUSSELS = ZoneInfo("Europe/Brussels")


def utc(text: str) -> str:
    moment = parse_moment(text, BRUSSELS)
    assert moment is not None
    return datetime.fromtimestamp(moment.at / SECOND, UTC).strftime("%Y-%m-%d %H:%M:%S")


@pytest.mark.parametrize(
    ("sent", "at"),
    [
        ("20260516080000", "2026-05-16 06:00:00"),
        ("20260116080000", "2026-01-16 07:00:00"),
        ("20260516080000+0000", "2026-05-16 08:00:00"),
        ("20260516080000-0530", "2026-05-16 13:30:00"),
        ("20260516080000Z", "2026-05-16 08:00:00"),
        ("202605160800", "2026-05-16 06:00:00"),
        ("20260516", "2026-05-15 22:00:00"),
        ("20260516080000.123+0000", "2026-05-16 08:00:00"),
        ("20260516080060", "2026-05-16 06:00:59"),
    ],
)
def test_a_time_without_offset_is_the_sites(sent: str, at: str) -> None:
    assert utc(sent) == at


@pytest.mark.parametrize(
    ("sent", "precision"),
    [("2026", "year"), ("202605", "month"), ("20260516", "day"), ("2026051608", "hour"),
     ("202605160800", "minute"), ("20260516080000", "second")],
)  # fmt: skip
def test_what_was_not_told_is_not_filled_in(sent: str, precision: str) -> None:
    moment = parse_moment(sent, BRUSSELS)
    assert moment is not None
    assert (moment.precision, moment.text) == (Precision(precision), sent)


def test_the_doubled_hour_of_october_is_its_first_and_the_missing_one_of_march_passes() -> None:
    assert utc("20261025023000") == "2026-10-25 00:30:00"
    before, after = (
        parse_moment(text, BRUSSELS) for text in ("20260329013000", "20260329033000")
    )
    missing = parse_moment("20260329023000", BRUSSELS)
    assert before is not None
    assert after is not None
    assert missing is not None
    assert after.at - before.at == HOUR
    assert missing.at == after.at


@pytest.mark.parametrize(
    "sent",
    [
        "",
        "x",
        "20261301",
        "2026-05-16",
        "202605160",
        "20260516250000",
        "00000000",
        "20260516080061",
        "20260516080000+9900",
    ],
)
def test_what_is_no_time_is_none(sent: str) -> None:
    assert parse_moment(sent, BRUSSELS) is None


@pytest.mark.parametrize(
    ("sent", "shown"),
    [("19340307", "1934-03-07"), ("193403", "1934-03"), ("1934", "1934"), ("unknown", ""),
     ("19340307120000", "1934-03-07"), ("19340300", "1934-03"), ("19340000", "1934"),
     ("00000000", "")],
)  # fmt: skip
def test_a_birth_date_is_as_exact_as_it_was_told(sent: str, shown: str) -> None:
    assert birth_date(sent) == shown


@given(st.text(max_size=24))
def test_any_text_is_a_time_or_none(text: str) -> None:
    parse_moment(text, BRUSSELS)
    birth_date(text)
