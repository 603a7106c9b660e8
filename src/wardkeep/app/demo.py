"""The demonstration: a simulated hospital group sends live to a real site server of its own."""

from __future__ import annotations

import asyncio
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import msgspec

from wardkeep.adapters.clock import now
from wardkeep.adapters.fhir_sender import DoorAddress
from wardkeep.adapters.host import free_ports, port_is_free
from wardkeep.adapters.sample_feed import SampleFeed
from wardkeep.app.consulting import consult
from wardkeep.app.errors import StartFailedError
from wardkeep.app.folder import open_folder
from wardkeep.app.founding import Founded, found
from wardkeep.app.settings_text import settings_toml
from wardkeep.app.tokens import SiteTokens
from wardkeep.chart.plain import plain
from wardkeep.hospital.site import Site
from wardkeep.sample.compare import Difference, differences, spelled_alike
from wardkeep.sample.guide import lines
from wardkeep.sample.hospital import Hospital
from wardkeep.sample.house import DEMO, Size
from wardkeep.sample.site import FEEDS, demo_site
from wardkeep.tokens.decide import Wanted

_STARTING_SECONDS = 60.0
_ENDING_SECONDS = 8.0
_TOLD_EVERY_SECONDS = 5.0


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked of a demonstration; `seconds` None: until it is told to end."""

    seed: int = 1
    web_port: int = 8443
    seconds: float | None = None
    pace: float = 1.0
    size: Size = DEMO
    fhir: frozenset[str] = frozenset()
    """Feeds whose systems speak FHIR."""


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """What it came to: messages of the first fill, patients compared, charts that differ."""

    messages: int
    compared: int
    different: int


class Demonstration:
    """One site server in a folder of its own, and the hospital that feeds it."""

    def __init__(self, wish: Wish, tell: Callable[[str], None]) -> None:
        self._wish, self._tell = wish, tell
        web, *free = free_ports(1 + len(FEEDS))
        port = wish.web_port if port_is_free("127.0.0.1", wish.web_port) else web
        ports = dict(zip(FEEDS, free, strict=True))
        self._site: Site = demo_site(ports, port, wish.size.wards, wish.fhir)
        self._ports: dict[str, int | DoorAddress] = {**ports}
        self._hospital = Hospital(wish.seed, now(), wish.size, wish.fhir)
        self._stop = asyncio.Event()

    async def run(self) -> Shown | None:
        """Show it until SIGTERM, SIGINT or the wished seconds; remove its folder at the end.

        None where it was told to end before everything was sent and compared.
        Raises StartFailedError when the server does not come up.
        """
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop.set)
        place = Path(tempfile.mkdtemp(prefix="wardkeep-demo-"))
        try:
            founded = found(place / "hospital", settings_toml(self._site), "aegis", now())
            self._give_tokens(founded.folder)
            return await self._show(founded)
        finally:
            self._remove(place)

    def _remove(self, place: Path) -> None:
        shutil.rmtree(place, ignore_errors=True)
        if place.exists():
            self._tell(f"The demonstration has ended. Delete {place}: it could not be removed.")
        else:
            self._tell("The demonstration has ended; its folder is removed.")

    def _give_tokens(self, path: Path) -> None:
        tokens = SiteTokens(open_folder(path))
        for feed in sorted(self._wish.fhir):
            secret = tokens.add(Wanted(feed, "the simulated hospital")).secret
            self._ports[feed] = DoorAddress("127.0.0.1", self._site.web_port, secret)

    async def _show(self, founded: Founded) -> Shown | None:
        self._tell("Starting a site server and a simulated hospital group of 1,000 beds...")
        server = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "wardkeep",
            "serve",
            str(founded.folder),
            stdout=asyncio.subprocess.PIPE,
            stdin=asyncio.subprocess.DEVNULL,
            # Ctrl-C reaches the demonstration alone, which then ends the server in order.
            start_new_session=True,
        )
        try:
            await _ready(server)
            return await self._feed(founded)
        finally:
            await _end(server)

    async def _feed(self, founded: Founded) -> Shown | None:
        feed = SampleFeed(self._hospital, self._ports, pace=self._wish.pace)
        try:
            self._tell("The hospital sends what it knows: a minute on a small machine...")
            messages = await self._fill(feed)
            if messages is None:
                return None
            self._tell(f"{messages:,} {self._spoken()} answered; comparing with the truth...")
            shown = await asyncio.to_thread(self._compare, founded.folder, messages)
            if self._stop.is_set():
                return shown
            self._introduce(founded, shown)
            following = asyncio.create_task(feed.follow(self._stop))
            await self._until_stopped()
            await following
        finally:
            await feed.close()
        return shown

    async def _fill(self, feed: SampleFeed) -> int | None:
        """Send the first fill and say how far it is; None when told to end meanwhile."""
        filling = asyncio.create_task(feed.fill())
        stopped = asyncio.create_task(self._stop.wait())
        told = 0
        while not filling.done() and not stopped.done():
            await asyncio.wait(
                {filling, stopped},
                timeout=_TOLD_EVERY_SECONDS,
                return_when=asyncio.FIRST_COMPLETED,
            )
            sent = sum(feed.sent.values())
            if not filling.done() and sent + feed.waiting > told:
                what = f"{sent:,} of {feed.waiting:,} messages acknowledged"
                self._tell(f"  {what}" if sent else f"  {feed.waiting:,} messages written")
                told = sent + feed.waiting
        stopped.cancel()
        filling.cancel()
        await asyncio.wait({filling, stopped})
        return None if filling.cancelled() else filling.result()

    def _compare(self, path: Path, messages: int) -> Shown:
        """Compare every patient's chart with the simulator's truth, once the fill is read."""
        folder = open_folder(path)
        charts = consult(folder, self._site)
        records = self._hospital.records()
        different = 0
        try:
            for record in records:
                chart = charts.patient(record)
                truth = self._hospital.true_chart(record)
                different += chart is None or bool(self._differences(truth, plain(chart)))
        finally:
            charts.close()
        return Shown(messages=messages, compared=len(records), different=different)

    def _differences(self, truth: object, product: object) -> list[Difference]:
        if self._wish.fhir:  # each standard spells some things in its own way
            return differences(spelled_alike(truth), spelled_alike(product))
        return differences(truth, product)

    def _spoken(self) -> str:
        if len(self._wish.fhir) == len(FEEDS):
            return "FHIR bundles"
        return "HL7 messages and FHIR bundles" if self._wish.fhir else "HL7 messages"

    def _introduce(self, founded: Founded, shown: Shown) -> None:
        self._tell(
            f"{shown.compared:,} charts compared with the truth: {shown.different} differ."
        )
        self._tell(f"Open http://127.0.0.1:{self._site.web_port}/")
        self._tell(f"Log in as {founded.account} with {founded.password}. Look at:")
        for line in lines(self._hospital, self._wish.fhir):
            self._tell(f"  - {line}")
        self._tell(f"Ctrl-C ends it and removes everything. Verbs work on {founded.folder}")
        if self._wish.seconds is not None:
            self._tell(f"It ends by itself {self._wish.seconds:g} seconds from now.")

    async def _until_stopped(self) -> None:
        try:
            async with asyncio.timeout(self._wish.seconds):
                await self._stop.wait()
        except TimeoutError:
            self._stop.set()


async def _ready(server: asyncio.subprocess.Process) -> None:
    assert server.stdout is not None  # noqa: S101  # PIPE was asked for
    async with asyncio.timeout(_STARTING_SECONDS):
        said = await server.stdout.readline()
    if said.strip() != b"READY":
        raise StartFailedError("the demonstration's server did not come up")


async def _end(server: asyncio.subprocess.Process) -> None:
    if server.returncode is None:
        server.terminate()
    try:
        async with asyncio.timeout(_ENDING_SECONDS):
            await server.wait()
    except TimeoutError:
        server.kill()
        await server.wait()
