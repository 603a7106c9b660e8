from __future__ import annotations

import json

from tests.chart.sending import adt, chart, pid, pv1

from wardkeep.chart.plain import plain, told

BODY = adt(
    "A01",
    "20260516080000",
    pid(),
    pv1(),
    "AL1|1||NKA",
    "AL1|2|DA|P^Penicillin^L",
    written="20260516080100",
)


def test_a_plain_chart_holds_values_and_no_sources() -> None:
    found = plain(chart(("adt", BODY)))
    assert found["birth_date"] == "1934-03-07"
    assert found["allergies"]["none_known"] == []
    text = json.dumps(found)
    assert '"source"' not in text
    assert "A0120260516080100" not in text


def test_every_value_tells_feed_message_and_time() -> None:
    found = json.loads(json.dumps(told(chart(("adt", BODY)))))
    assert found["birth_date"] == {
        "value": "1934-03-07",
        "feed": "adt",
        "message": "A0120260516080100",
        "time": "2026-05-16T06:00:00+00:00",
        "entry": 1,
    }
    (item,) = found["allergies"]["items"]
    assert (item["feed"], item["entry"]) == ("adt", 1)


def test_who_said_that_none_are_known_is_told() -> None:
    body = adt("A01", "20260516080000", pid(), pv1(), "AL1|1||NKA")
    assert plain(chart(("adt", body)))["allergies"]["none_known"] == ["adt"]
    assert told(chart(("adt", body)))["allergies"]["none_known"][0]["feed"] == "adt"
