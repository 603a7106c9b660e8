"""The poller: asks the FHIR servers of `[[polls]]`, hands what they answer to the writer.

A process of its own: a server that is slow, broken or hostile holds up nothing else. It opens
no store and holds no key of the site.
"""

from __future__ import annotations

import asyncio
import sys
from urllib.parse import urlsplit

from wardkeep.adapters import clock
from wardkeep.adapters.fhir_poller import FhirPoller, Hand, Places, Told, keep_asking
from wardkeep.adapters.handover_client import HandoverClient, Sending
from wardkeep.app.alarms import clear_alarm, raise_alarm
from wardkeep.app.child import Stop, run_child, say_ready
from wardkeep.app.folder import HospitalFolder
from wardkeep.hospital.polls import Poll
from wardkeep.hospital.site import Site
from wardkeep.wire.handover import Receipt, shown_by

ALARM = "poll-failing"


class Alarm:
    """Raises and clears `poll-failing` of each feed in the writer's book."""

    def __init__(self, folder: HospitalFolder) -> None:
        self._folder = folder
        self._told: dict[str, str] = {}

    async def tell(self, told: Told) -> None:
        """Take note of a round; a book that does not answer is told after the next one."""
        if self._told.get(told.feed) != told.failure and await asyncio.to_thread(
            self._said, told
        ):
            self._told[told.feed] = told.failure

    def _said(self, told: Told) -> bool:
        if told.failure:
            return raise_alarm(self._folder, ALARM, told.feed, told.failure)
        return clear_alarm(self._folder, ALARM, told.feed)


def _hand(handover: HandoverClient, poll: Poll) -> Hand:
    """Return the way of a server's pages to the writer, which remembers whose they are."""
    # Who is asked shows no token; its table in the settings stands for it.
    shown = shown_by(urlsplit(poll.base_url).hostname or "", "[[polls]]", "Bundle searchset")

    async def hand(feed: str, control: bytes, body: bytes) -> Receipt:
        return await handover.hand(Sending(feed, control, body, shown))

    return hand


async def _poll(folder: HospitalFolder, site: Site, stop: Stop) -> None:
    handover = HandoverClient(folder.handover_socket)
    places = Places(folder.poll_places)
    alarm = Alarm(folder)
    feeds = {feed.name: feed for feed in site.feeds}
    pollers = [
        FhirPoller(
            poll, feeds[poll.feed].max_message_bytes, _hand(handover, poll), places, clock.now
        )
        for poll in site.polls
    ]
    asking = [
        asyncio.create_task(keep_asking(poller, poll, alarm.tell))
        for poller, poll in zip(pollers, site.polls, strict=True)
    ]
    say_ready()
    stopping = asyncio.create_task(stop.wait())
    # A poller that ends has met what nobody foresaw: the process ends and is started again.
    await asyncio.wait([stopping, *asking], return_when=asyncio.FIRST_COMPLETED)
    for each in (stopping, *asking):
        each.cancel()
    ended = await asyncio.gather(*asking, return_exceptions=True)
    for poller in pollers:
        await poller.close()
    handover.close()
    for fault in ended:
        if isinstance(fault, Exception):
            raise fault


if __name__ == "__main__":
    sys.exit(run_child(_poll))
