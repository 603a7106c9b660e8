"""What the lists of a whole house cost: processor seconds, memory, pages and bytes of each.

    PYTHONPATH=src python benchmarks/house_lists.py

The hospital is the sample's (40 wards, about 1,000 inpatients); each list is made by a worker
as a site server makes it, then sealed as for its targets.
"""

from __future__ import annotations

import resource
import time
import zlib

import msgspec
import pyrage
from packs import START, Memory, charts_of_the_sample

from wardkeep.adapters.house_packs import house_data
from wardkeep.adapters.pack_keys import seal
from wardkeep.adapters.pack_worker import PackWorkers
from wardkeep.kernel.times import HOUR
from wardkeep.pack.house_lists import SHELVED


def main() -> None:
    """Make and seal every list, one after the other."""
    charts, site = charts_of_the_sample(3.0)
    now, keys = START + int(3 * HOUR), [pyrage.x25519.Identity.generate().to_public()] * 2
    with Memory() as memory:
        for kind in SHELVED:
            began, before = time.monotonic(), _processor()
            data = house_data(charts, site, kind, None, now, "benchmark")
            encoded = msgspec.msgpack.encode(data)
            workers = PackWorkers(1)
            made = workers.submit(encoded, site.language, of_house=True).result()
            workers.close()
            sealed = sum(len(seal(each.encode(), keys)) for each in made.sheets)
            html = len(zlib.compress(msgspec.msgpack.encode(made.sheets)))
            pdf = len(seal(made.pdf, keys))
            print(
                f"{kind.value:<11} {len(data.charts):>6} patients {made.pages:>4} pages"
                f" {time.monotonic() - began:6.1f} s, processor {_processor() - before:6.1f} s,"
                f" pdf {pdf / 1e6:.1f} MB, sheets {sealed / 1e6:.1f} MB ({html / 1e6:.1f})",
                flush=True,
            )
    print(f"most memory of the worker and its child: {memory.peak / 1e6:.0f} MB")


def _processor() -> float:
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in used)


if __name__ == "__main__":
    main()
