"""What is printed for other machines leads here, or somebody is told that it does not."""

from __future__ import annotations

import pytest

from wardkeep.hospital.reach import why_no_box_can_reach, why_wards_cannot_reach
from wardkeep.hospital.site import Copies, Site


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.9", "localhost", "::1"])
def test_a_loopback_address_is_nobodys_but_this_machines(host: str) -> None:
    assert host in why_wards_cannot_reach(Site(name="x", web_host=host, web_name="w.internal"))
    assert host in why_no_box_can_reach(Copies(host=host, address="box1:8444"))


@pytest.mark.parametrize("host", ["10.1.2.3", "box1.hospital.internal"])
def test_an_address_of_the_network_needs_no_word(host: str) -> None:
    assert why_wards_cannot_reach(Site(name="x", web_host=host)) == ""
    assert why_no_box_can_reach(Copies(host=host)) == ""


def test_every_address_is_none_that_another_box_could_type() -> None:
    assert "every address" in why_no_box_can_reach(Copies(host="0.0.0.0"))
    assert why_no_box_can_reach(Copies(host="0.0.0.0", address="box1:8444")) == ""
