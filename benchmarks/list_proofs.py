"""What the proof of all lists of a whole house costs a night: processor seconds of each.

    PYTHONPATH=src python benchmarks/list_proofs.py [--language fr]

The hospital is the sample's (40 wards, about 1,000 inpatients); each list is made as a site
server makes it, then read back from its HTML and PDF and compared with its charts.
"""

from __future__ import annotations

import argparse
import time

import msgspec
from packs import START, charts_of_the_sample

from wardkeep.adapters.house_packs import house_data
from wardkeep.adapters.list_builder import packed
from wardkeep.adapters.list_proof_reader import ListProofReader
from wardkeep.adapters.pack_worker import build_list
from wardkeep.adapters.typst_press import Typeset
from wardkeep.kernel.times import HOUR
from wardkeep.pack.events import PackBuilt
from wardkeep.pack.house_lists import SHELVED, code_of


class Made:
    """One list as it stands."""

    place = means = ""

    def __init__(self, built: PackBuilt, made: Typeset, kept: bytes) -> None:
        self._built, self._made, self._kept = built, made, kept

    def newest(self, ward: str) -> tuple[PackBuilt, bytes] | None:
        """Return the list as PDF."""
        return (self._built, self._made.pdf) if ward == self._built.ward else None

    def sound(self, ward: str) -> bytes | None:
        """Return what it was made of."""
        return self._kept if ward == self._built.ward else None

    def sheets(self, built: PackBuilt) -> tuple[str, ...]:
        """Return it as HTML."""
        return self._made.sheets if built == self._built else ()


def main() -> None:
    """Make every list, and prove it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--language", default="fr")
    language = parser.parse_args().language
    charts, site = charts_of_the_sample(3.0)
    now, total = START + int(3 * HOUR), 0.0
    for kind in SHELVED:
        encoded = msgspec.msgpack.encode(house_data(charts, site, kind, None, now, "benchmark"))
        made, kept = build_list(encoded, language), packed(encoded)
        built = PackBuilt(
            ward=code_of(kind), generation=1, revision=0, language=language, at=now, as_of=now,
            pages=made.pages, patients=0, digest="",
        )  # fmt: skip
        began = time.process_time()
        proved = ListProofReader(Made(built, made, kept), lambda: now).prove(built.ward)
        took = time.process_time() - began
        total += took
        print(
            f"{kind.value:<11} {made.pages:>4} pages {proved.right:>6} of {proved.checks:>6}"
            f" facts right, processor {took:5.1f} s, kept {len(kept) / 1e6:.1f} MB"
            f" {proved.wrong or ''}{proved.why}",
            flush=True,
        )
    print(f"all lists: processor {total:.1f} s")


if __name__ == "__main__":
    main()
