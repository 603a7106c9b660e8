"""How fast the chart follows: reading and folding of the usual mix on one core, and chart_of.

    .venv/bin/python benchmarks/chart_fold.py [messages]

The mix is 6 ADT, 2 RDE, 3 RAS, 2 ORU (10 values), 1 SIU over 1,000 inpatients, about 1 kB each.
Prints messages a second of process time (median of 3), the cost of a chart, and bytes of a
record.
"""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from statistics import median
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from wardkeep.chart.reading import ReadingContext, read_entry
from wardkeep.chart.record import Record, apply, pack
from wardkeep.chart.view import chart_of
from wardkeep.hospital.site import Feed, Rules
from wardkeep.kernel.times import SECOND
from wardkeep.ledger.arrival import Entry, Kind
from wardkeep.wire.hl7v2.message import read_frame

DRUG = "A10BA02^Metformine 850 mg^ATC"
NURSE = "4321^Infirmière^Julie"
EMPTY = "|" * 10
PATIENTS = 1000
MIX = ("ADT",) * 6 + ("RDE",) * 2 + ("RAS",) * 3 + ("ORU",) * 2 + ("SIU",)
START = 1_779_000_000 * SECOND


def stamp(at: int) -> str:
    return time.strftime("%Y%m%d%H%M%S", time.gmtime(at // SECOND))


def head(kind: str, number: int, at: int) -> str:
    return (
        f"MSH|^~\\&|SENDER|GHQV|WARDKEEP|GHQV|{stamp(at)}||{kind}|M{number:07d}|P|2.5.1"
        "||||||8859/1"
    )


def pid(patient: int) -> str:
    return (
        f"PID|1||{patient:06d}^^^GHQV^MR~85{patient:09d}^^^RRN^NNBEL||Lefèvre{patient}^Zoé^Marie"
        "||19510307|F|||Rue de l'Hôpital 12^^Libramont^^6800^BE||+32 61 23 45 67^PRN^PH|||F|S"
        f"||V{patient:06d}"
    )


def pv1(patient: int) -> str:
    return (
        f"PV1|1|I|W{patient % 40:02d}^{patient % 20:02d}^{patient % 2}^GHQV||||1234^Dumont^Paul"
        f"^^^Dr|||CAR|||||||||V{patient:06d}" + "|" * 25 + "20260516080000"
    )


def body(kind: str, number: int, at: int, random: Random) -> bytes:
    patient = random.randrange(PATIENTS)
    lines = [pid(patient), pv1(patient)]
    order = f"{patient:06d}{random.randrange(12):02d}^CPOE"
    if kind == "ADT":
        lines.insert(0, f"EVN|A08|{stamp(at)}|||1234^Agent^Anne|{stamp(at)}")
        lines += [
            "NK1|1|Lefèvre^Luc|SPO^Époux^HL70063||+32 499 12 34 56^PRN^CP",
            "AL1|1|DA|7980^Pénicilline^RXNORM|SV|Urticaire~Oedème",
            "AL1|2|FA|762952008^Arachide^SCT|MO|Prurit",
            "DG1|1|I10|I50.0^Insuffisance cardiaque^I10||20260516|A",
        ]
        kind = "ADT^A08^ADT_A01"
    elif kind == "RDE":
        lines += [
            f"ORC|NW|{order}||||||||{stamp(at)}|||1234^Dumont^Paul".replace(
                "||||||||", "|||||||"
            ),
            "RXE||A10BA02^Metformine 850 mg^ATC|1||cp^comprimé|CP^comprimé|^Au repas",
            "NTE|1||À prendre au milieu du repas",
            f"TQ1|1|1^cp|BID|||10^D|{stamp(START)}",
            "RXR|PO^per os^HL70162",
        ]
        kind = "RDE^O11^RDE_O11"
    elif kind == "RAS":
        lines += [
            f"ORC|RE|{order}||||||{stamp(at)}",
            f"RXA|0|{random.randrange(9)}|{stamp(at)}|{stamp(at)}|{DRUG}|1|cp|||{NURSE}{EMPTY}CP|A",
            "RXR|PO^per os^HL70162",
        ]
        kind = "RAS^O17^RAS_O17"
    elif kind == "ORU":
        when = stamp(at - 3600 * SECOND)
        filler = f"L{number:07d}"
        lines += [
            f"ORC|RE|{order}|{filler}^LAB",
            f"OBR|1|{order}|{filler}^LAB|CHEM^Chimie^L|||{when}|||||||||||||||{stamp(at)}|||F",
            *(
                f"OBX|{n}|NM|{2800 + n}-{n % 10}^Analyse {n}^LN||{random.randrange(1, 200)}"
                f"|mmol/L|3.5-5.1|N|||F|||{when}"
                for n in range(10)
            ),
        ]
        kind = "ORU^R01^ORU_R01"
    else:
        lines = [
            f"SCH|A{number}^BOOK|B{number}^BOOK|||||CONS^Consultation^L|||15^M|MIN|",
            pid(patient),
            "RGS|1",
            f"AIS|1||CAR^Cardiologie^L|{stamp(at + 86400 * SECOND)}|||15|M",
            "AIL|1||POLI^12^^GHQV",
            "AIP|1||1234^Dumont^Paul",
        ]
        kind = "SIU^S12^SIU_S12"
    return "\r".join([head(kind, number, at), *lines]).encode("cp1252", "replace") + b"\r"


def entries(count: int) -> Iterator[Entry]:
    random = Random(2022)
    for number in range(1, count + 1):
        at = START + number * SECOND
        data = body(MIX[number % len(MIX)], number, at, random)
        yield Entry(number, "feed", at, Kind.HL7, b"", b"", b"", data, False)


def follow(entries: list[Entry], context: ReadingContext) -> dict[str, Record]:
    records: dict[str, Record] = {}
    for entry in entries:
        for change in read_entry(entry, context).changes:
            record = records.get(change.record)
            if record is None:
                record = records[change.record] = Record(change.record)
            apply(record, change)
    return records


def main(count: int) -> None:
    gc.set_threshold(200_000, 50, 100)  # as the chart-reader process does
    made = list(entries(count))
    sizes = sum(len(entry.body) for entry in made) / len(made)
    context = ReadingContext(Rules(), Feed(name="feed"), ZoneInfo("Europe/Brussels"))
    rates, split = [], []
    records: dict[str, Record] = {}
    for _ in range(3):
        begun = time.process_time()
        for entry in made:
            read_frame(entry.body)
        split.append(len(made) / (time.process_time() - begun))
        begun = time.process_time()
        records = follow(made, context)
        rates.append(len(made) / (time.process_time() - begun))
    print(f"{len(made)} messages of {sizes:.0f} bytes, {len(records)} records")
    print(f"split into fields: {median(split):,.0f} messages/s")
    print(f"read and folded:   {median(rates):,.0f} messages/s")
    begun = time.process_time()
    charts = [chart_of([record], context.rules) for record in records.values()]
    print(f"chart_of: {(time.process_time() - begun) / len(charts) * 1000:.2f} ms a patient")
    packed = [pack(record) for record in records.values()]
    print(f"a record packed: {sum(map(len, packed)) / len(packed) / 1000:.1f} kB")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 30_000)
