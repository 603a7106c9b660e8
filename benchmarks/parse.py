"""How fast HL7 v2 is read: every wanted field of 19 segment types, beside python-hl7.

    .venv/bin/python benchmarks/parse.py [seconds a run]

Both decode Latin-1, give the same fields as repetitions of components, and unescape them;
python-hl7 is spared the escapes where there is no backslash. Process time of one core, median
of 3, runs taken in turn.
python-hl7 is installed into var/benchmarks.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

from benchmarks.hl7_mix import message  # noqa: E402
from benchmarks.peers import python_hl7  # noqa: E402

from wardkeep.wire.hl7v2.message import read_frame  # noqa: E402

WANTED: dict[str, tuple[int, ...]] = {
    "MSH": (3, 4, 7, 9, 10, 11, 12, 13, 18),
    "EVN": (1, 2, 5, 6),
    "PID": (3, 5, 7, 8, 11, 13, 18, 29, 30),
    "NK1": (2, 3, 4, 5),
    "PV1": (2, 3, 6, 7, 10, 19, 44, 45),
    "AL1": (2, 3, 4, 5, 6),
    "DG1": (3, 4, 5, 6),
    "OBX": (2, 3, 4, 5, 6, 7, 8, 11, 14, 16),
    "ORC": (1, 2, 3, 4, 5, 7, 9, 12),
    "RXE": (1, 2, 3, 4, 5, 6, 7, 23, 24),
    "RXR": (1, 2),
    "RXC": (1, 2, 3, 4),
    "RXA": (2, 3, 4, 5, 6, 7, 9, 10, 20, 21),
    "TQ1": (2, 3, 4, 6, 7, 8, 9, 10, 11),
    "NTE": (3,),
    "OBR": (2, 3, 4, 7, 22, 24, 25),
    "SPM": (2, 4, 17),
    "SCH": (1, 2, 6, 7, 11, 25),
    "AIS": (3, 4, 7),
}
"""Fields that a chart is made of, of 19 segment types."""
BAR_A_SECOND, BAR_RATIO = 30_000, 25


def ours(body: bytes) -> list[dict[int, list[list[str]]]]:
    """Read a frame and everything wanted of it."""
    return [
        segment.tree(WANTED[segment.name])
        for one in read_frame(body).messages
        for segment in one.segments
        if segment.name in WANTED
    ]


def theirs(hl7: Any) -> Callable[[bytes], list[dict[int, Any]]]:
    """Return the same by python-hl7."""

    def read(body: bytes) -> list[dict[int, Any]]:
        parsed = hl7.parse(body.decode("latin-1"))
        found = []
        for segment in parsed:
            numbers = WANTED.get(str(segment[0]), ())
            count = len(segment)
            found.append(
                {n: _unescaped(parsed, segment[n]) for n in numbers if n < count and segment[n]}
            )
        return found

    return read


def _unescaped(parsed: Any, piece: Any) -> Any:
    if isinstance(piece, str):
        return parsed.unescape(piece) if "\\" in piece else piece
    return [_unescaped(parsed, part) for part in piece]


def rate(read: Callable[[bytes], object], body: bytes, seconds: float) -> float:
    """Return messages a second of process time."""
    done, begin = 0, time.process_time()
    while (spent := time.process_time() - begin) < seconds:
        for _ in range(20):
            read(body)
        done += 20
    return done / spent


def main() -> int:
    """Print a table; 0 when the bars are held."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 1.0
    other = theirs(python_hl7())
    held = True
    print(f"{'':<8}{'bytes':>7}{'Wardkeep /s':>14}{'python-hl7 /s':>15}{'ratio':>8}")
    for kind in ("ADT", "RDE", "RAS", "ORU", "SIU"):
        body = message(kind)
        pairs = [(rate(ours, body, seconds), rate(other, body, seconds)) for _ in range(3)]
        own, peer = median(a for a, _ in pairs), median(b for _, b in pairs)
        ratio = median(a / b for a, b in pairs)
        print(f"{kind:<8}{len(body):>7}{own:>14,.0f}{peer:>15,.0f}{ratio:>8.1f}")
        if kind == "ADT":
            held = own >= BAR_A_SECOND and ratio >= BAR_RATIO
    print(
        f"bar: {BAR_A_SECOND:,} ADT^A01/s and {BAR_RATIO} times: {'held' if held else 'MISSED'}"
    )
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
