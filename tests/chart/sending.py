"""Messages as the systems of a small hospital send them, for the tests of the chart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from wardkeep.chart.memory import MemoryCharts
from wardkeep.chart.model import MedicationOrder, PatientChart
from wardkeep.chart.reading import Reading, ReadingContext, read_entry
from wardkeep.hospital.site import Feed, Rules, Site
from wardkeep.hospital.streams import Stream
from wardkeep.kernel.times import SECOND
from wardkeep.ledger.arrival import Entry, Kind
from wardkeep.wire.hl7v2.times import parse_moment

BRUSSELS = ZoneInfo("Europe/Brussels")
RULES = Rules(record_authorities=("GHQV",))
_S = Stream
FEEDS = (
    Feed(
        name="adt",
        rank=1,
        streams=(
            _S.ADMISSIONS, _S.ALLERGIES, _S.PROBLEMS, _S.CODE_STATUS, _S.ISOLATION, _S.DIET
        ),
    ),
    Feed(name="meds", rank=2, streams=(_S.MEDICATION_ORDERS, _S.DOSES_GIVEN, _S.WEIGHT)),
    Feed(name="lab", rank=3, streams=(_S.LABORATORY, _S.IMAGING, _S.ORDERS, _S.SPECIMENS)),
    Feed(name="onco", rank=4, allergies="snapshot", streams=(_S.MEDICATION_ORDERS,)),
)  # fmt: skip
SITE = Site(name="Sample", rules=RULES, feeds=FEEDS)
RECEIVED = 1_790_000_000 * SECOND
"""Later than every time in the messages, so that no clock is taken for wrong."""


def micros(text: str) -> int:
    """Return an HL7 time of Brussels as UTC microseconds."""
    moment = parse_moment(text, BRUSSELS)
    assert moment is not None
    return moment.at


def msh(kind: str, at: str, control: str = "", counter: str = "") -> str:
    return f"MSH|^~\\&|APP|GHQV|WK|GHQV|{at}||{kind}|{control or 'C' + at}|P|2.5.1|{counter}"


def pid(record: str = "1001", name: str = "Dupont^Marie", born: str = "19340307") -> str:
    return f"PID|1||{record}^^^GHQV^MR||{name}||{born}|F"


def pv1(bed: str = "A2^12^1", visit: str = "V1", kind: str = "I") -> str:
    fields = [""] * 46
    fields[0], fields[1], fields[2], fields[3] = "PV1", "1", kind, bed
    fields[19] = visit
    return "|".join(fields).rstrip("|")


def adt(trigger: str, at: str, *segments: str, happened: str = "", written: str = "") -> bytes:
    """An ADT message: recorded `at` (EVN-2), happened then if nothing else is said."""
    evn = f"EVN|{trigger}|{at}||||{happened or at}"
    lines = [msh(f"ADT^{trigger}", written or at, f"{trigger}{written or at}"), evn, *segments]
    return "\r".join(lines).encode() + b"\r"


def orders(kind: str, at: str, *segments: str, control: str = "") -> bytes:
    return "\r".join([msh(kind, at, control), pid(), *segments]).encode() + b"\r"


def rde(control: str, at: str, *more: str, order: str = "77^CPOE", drug: str = "") -> bytes:
    """A medication order message; without `drug` it holds the ORC alone."""
    lines = [f"ORC|{control}|{order}|||||||{at}", *([f"RXE||{drug}"] if drug else []), *more]
    return orders("RDE^O11", at, *lines, control=f"{control}{at}")


def ras(at: str, status: str = "CP", *, action: str = "A", sub: str = "1", sent: str = "",
        order: str = "77^CPOE") -> bytes:  # fmt: skip
    rxa = ["RXA", "0", sub, at, at, "C07^Bisoprolol^ATC", "1", "tab"] + [""] * 14
    rxa[20], rxa[21] = status, action
    return orders("RAS^O17", sent or at, f"ORC|RE|{order}|||||||{sent or at}", "|".join(rxa))


def oru(value: str, state: str, at: str, *, taken: str = "20260516060000", code: str = "2823-3",
        filler: str = "L1^LAB", placer: str = "P1^CPOE") -> bytes:  # fmt: skip
    obr = ["OBR", "1", placer, filler, "K^Kalium^L", "", "", taken] + [""] * 18
    obr[22], obr[25] = at, state
    obx = f"OBX|1|NM|{code}^Potassium^LN||{value}|mmol/L|3.5-5.1|N|||{state}|||{taken}"
    return orders("ORU^R01", at, f"ORC|RE|{placer}|{filler}", "|".join(obr), obx)


def entry(body: bytes, sequence: int = 1, feed: str = "adt", received: int = RECEIVED) -> Entry:
    return Entry(sequence, feed, received, Kind.HL7, b"", b"", b"", body, False)


def entries(sent: Iterable[tuple[str, bytes]]) -> list[Entry]:
    """Number messages (feed, bytes) as a ledger would."""
    return [entry(body, number, feed) for number, (feed, body) in enumerate(sent, start=1)]


def fold(
    sent: Sequence[Entry] | Iterable[tuple[str, bytes]], site: Site = SITE
) -> MemoryCharts:
    charts = MemoryCharts(site)
    for one in sent:
        charts.add(
            one if isinstance(one, Entry) else entry(one[1], charts.cursor() + 1, one[0])
        )
    return charts


def chart(*sent: tuple[str, bytes], record: str = "1001") -> PatientChart:
    """The chart of one patient after these messages (feed, bytes)."""
    found = fold(sent).patient(record)
    assert found is not None
    return found


def read(body: bytes, feed: Feed = FEEDS[0], rules: Rules = RULES) -> Reading:
    return read_entry(entry(body, feed=feed.name), ReadingContext(rules, feed, BRUSSELS))


def ordered(*timing: str) -> MedicationOrder:
    """An order with these timing segments, entered on 2026-05-01 at 07:00."""
    body = orders(
        "RDE^O11", "20260501070000", "ORC|NW|77^CPOE", "RXE||X^Drug^L|1||tab", *timing
    )
    (found,) = chart(("meds", body)).orders
    return found


def clock(times: Iterable[int]) -> list[str]:
    """Day and wall-clock time of Brussels."""
    return [datetime.fromtimestamp(at / 1e6, BRUSSELS).strftime("%d %H:%M") for at in times]
