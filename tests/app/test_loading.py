"""A first fill of any size goes through the running server."""

from wardkeep.app.loading import requests_of
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
