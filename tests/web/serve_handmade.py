"""Serves the handmade hospital on a real port: `python -m tests.web.serve_handmade PORT`.

With CERTIFICATE and KEY after the port, by HTTPS. SIGUSR1 changes the charts. Who must wait for
a login waits until SIGUSR2. `--unfinished SECONDS MOST` in their place limits slow requests.
"""

from __future__ import annotations

import asyncio
import secrets
import signal
import sys

import msgspec
from tests.web.estates import Desk as MapDesk
from tests.web.estates import known_entangled, known_sample
from tests.web.forecasts import LONG_MEASURE, Foretold, sampled
from tests.web.handmade import SITE, Bench
from tests.web.long_ward import long_ward
from tests.web.pages.test_deliveries import AFAR, SHARE, STICK, Targets
from tests.web.pages.test_hand import HANDS
from tests.web.pages.test_hand import Book as HandBook
from tests.web.pages.test_people import STAFF
from tests.web.pages.test_printing import ORDERED, ROOM, STUCK, Printing
from tests.web.pages.test_settings import LOOK, Desk

from wardkeep.web.application import create_app
from wardkeep.web.punctual import UnfinishedRequests
from wardkeep.web.serving import serve


def main() -> int:
    port, *pair = sys.argv[1:]
    unfinished = UnfinishedRequests()
    if pair[:1] == ["--unfinished"]:
        unfinished = UnfinishedRequests(float(pair[1]), int(pair[2]))
        pair = []
    bench = Bench()
    bench.charts.patients += long_ward()
    bench.printing, bench.printers = Printing(*ORDERED, STUCK), (ROOM,)
    bench.accounts_book.events += STAFF
    bench.settings = Desk(LOOK)
    bench.map = MapDesk(known_entangled())
    bench.forecast = Foretold(sampled(known_sample(), 9, LONG_MEASURE))
    bench.deliveries, bench.targets = Targets(), (SHARE, STICK, AFAR)
    bench.receipts = book = HandBook()
    book.events += HANDS
    site = msgspec.structs.replace(
        SITE, web_port=int(port), printers=bench.printers, deliveries=bench.targets
    )
    if pair:
        site = msgspec.structs.replace(site, web_certificate=pair[0], web_key=pair[1])
    signal.signal(signal.SIGUSR1, lambda *_: bench.charts.revise())
    delays_over = asyncio.Event()

    async def wait(seconds: float) -> None:
        if seconds:
            await delays_over.wait()

    def end_delays() -> None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGUSR2, delays_over.set)
        print("READY", flush=True)

    deps = msgspec.structs.replace(
        bench.deps(secure=bool(pair)),
        site=site,
        sleep=wait,
        new_token=lambda: secrets.token_urlsafe(16),
    )
    return serve(create_app(deps), site, end_delays, unfinished)


if __name__ == "__main__":
    sys.exit(main())
