"""Why each place is as it is, in words that are computed."""

from __future__ import annotations

from tests.foresight.restoring.estates import map_of

from wardkeep.foresight.restoring.plan import RestorePlan, restore_plan
from wardkeep.hospital.map.care import Need, Service
from wardkeep.hospital.map.machines import Server

TWO = (
    Server(id="ad", restore_hours=2),
    Server(id="lis", restore_hours=4, restored_after=("ad",)),
    Server(id="record", restore_hours=8, restored_after=("ad",)),
    Service(id="lab", name="Laboratory", a_day=240),
    Need(id="n", service="lab", of=("server:lis",)),
    Service(id="charts", name="Record", a_day=120),
    Need(id="m", service="charts", of=("server:record",)),
    Service(id="look", name="Portal", a_day=24),
    Need(id="o", service="look", of=("server:record",)),
)


def plan() -> RestorePlan:
    return restore_plan(map_of(*TWO), ("ad", "lis", "record"), crews=1)


def test_the_laboratory_comes_before_the_record_because_an_hour_of_it_gives_back_more() -> None:
    lab = plan().services[0]
    # 10 patients an hour for 6 hours of work; 5 for the 8 that are then left. The other way
    # round the laboratory is back 8 hours later and the other two 4 hours earlier.
    assert lab.why == (
        "before Record because an hour of work on it gives back 1.7 patients an hour, on Record"
        " 0.62; the other way round 56 patients more are not treated as usual"
    )


def test_a_service_on_the_same_servers_as_one_before_it_needs_no_more_work() -> None:
    record, portal = plan().services[1:]
    assert record.why == "the last that work is done for"
    assert portal.why.startswith("nothing more to restore")
    assert (portal.work, portal.back) == (0.0, record.back)


def test_a_server_tells_who_needs_it_who_waits_for_it_and_what_it_waits_for() -> None:
    directory, lis, _ = plan().servers
    assert directory.why == (
        "Laboratory needs it (back in hour 6) and 2 services later;"
        " 2 servers cannot be restored before it"
    )
    assert lis.why == "Laboratory needs it (back in hour 6); after ad (up in hour 2)"
