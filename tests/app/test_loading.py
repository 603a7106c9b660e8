"""A first fill of any size goes through the running server, and may be repeated."""

import os
import signal
from pathlib import Path

from tests.stories.site_server import SiteServer, message

from wardkeep.app.folder import open_folder
from wardkeep.app.loading import Source, load, not_used, read_file, requests_of
from wardkeep.app.settings import load_site
from wardkeep.ledger.arrival import Arrival, Kind

MEGABYTE = 1024 * 1024


def _arrival(size: int) -> Arrival:
    return Arrival("load", 0, Kind.HL7, b"", b"", b"", b"x" * size)


def test_large_reports_are_spread_over_requests_that_the_server_takes() -> None:
    reports = [_arrival(MEGABYTE) for _ in range(70)]
    requests = list(requests_of(reports))
    assert [each for request in requests for each in request] == reports
    assert max(sum(len(a.body) for a in request) for request in requests) <= 32 * MEGABYTE


def test_a_message_larger_than_all_that_goes_alone() -> None:
    arrivals = [_arrival(1), _arrival(60 * MEGABYTE), _arrival(1)]
    assert [len(request) for request in requests_of(arrivals)] == [1, 1, 1]


def test_small_messages_share_requests() -> None:
    assert [len(request) for request in requests_of([_arrival(9)] * 1_200)] == [500, 500, 200]


SOURCE = Source(feed="load", columns={}, as_of="")


def test_a_load_that_a_dying_server_broke_off_is_repeated_and_nothing_is_stored_twice(
    tmp_path: Path,
) -> None:
    fill = tmp_path / "fill.hl7"
    nameless = [message(n, record=str(n)).replace(b"M%07d" % n, b"") for n in range(1_200)]
    fill.write_bytes(b"\r".join(nameless))
    census = tmp_path / "census.csv"
    census.write_text("record;ward\n" + "".join(f"{n};A2\n" for n in range(1_200)))
    server = SiteServer(tmp_path / "hospital")
    server.start()
    folder = open_folder(server.folder)
    site = load_site(folder)
    first = next(requests_of(read_file(fill, SOURCE)))
    assert load(folder, site, fill, first, SOURCE).stored == 500
    assert load(folder, site, census, read_file(census, SOURCE)[:1], SOURCE).stored == 1
    os.kill(server.child("wardkeep.app.writer_process"), signal.SIGKILL)
    server.kill()
    server.start()
    again = load(folder, site, fill, read_file(fill, SOURCE), SOURCE)
    assert (again.repeated, again.stored, again.id_reused) == (500, 700, 0)
    rows = load(folder, site, census, read_file(census, SOURCE), SOURCE)
    assert (rows.repeated, rows.stored, rows.id_reused) == (1, 2, 0)
    assert server.stop() == 0
    alone = load(folder, site, fill, read_file(fill, SOURCE), SOURCE)
    assert (alone.repeated, alone.stored) == (1_200, 0)


def test_a_census_is_as_old_as_its_file_unless_told_otherwise(tmp_path: Path) -> None:
    census = tmp_path / "census.csv"
    census.write_text("record;ward\n4711;A2\n")
    os.utime(census, (1_778_988_600, 1_778_988_600))
    assert b'"20260517033000+0000"' in read_file(census, SOURCE)[0].body


def test_columns_from_which_nothing_is_taken_are_named(tmp_path: Path) -> None:
    census = tmp_path / "census.csv"
    census.write_text("PatNr;Station;Kasse\n4711;A2;AOK\n")
    assert not_used(census, SOURCE) == ("Kasse",)
