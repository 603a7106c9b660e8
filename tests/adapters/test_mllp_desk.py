import pytest

from wardkeep.adapters.mllp_desk import Desk
from wardkeep.adapters.mllp_room import Room
from wardkeep.hospital.site import Feed


@pytest.mark.parametrize(
    ("allow", "host", "admitted"),
    [
        (("10.1.0.0/16",), "10.1.2.3", True),
        (("10.1.0.0/16",), "10.2.0.1", False),
        (("10.1.2.3",), "::ffff:10.1.2.3", True),
        (("fe80::/10",), "fe80::1%eth0", True),
        (("0.0.0.0/0",), "2001:db8::1", False),
        (("0.0.0.0/0",), "", False),
        ((), "127.0.0.1", False),
        (("10.1.2.3/16",), "10.1.9.9", True),
    ],
)
def test_only_addresses_of_the_allow_list_may_speak(
    allow: tuple[str, ...], host: str, admitted: bool
) -> None:
    desk = Desk(Feed(name="adt", allow=allow), Room(1), lambda _: None, lambda: 7)
    assert desk.admits(host) is admitted


def test_a_new_desk_has_counted_nothing() -> None:
    figures = Desk(Feed(name="adt", port=2), Room(1), lambda _: None, lambda: 7).figures()
    assert (figures.name, figures.port, figures.since) == ("adt", 2, 7)
    assert figures.messages == figures.connections == figures.last_arrival == 0
