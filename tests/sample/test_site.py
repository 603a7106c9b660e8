from wardkeep.hospital.soundness import faults
from wardkeep.hospital.streams import Stream
from wardkeep.sample.group import ICU_NOT_FED
from wardkeep.sample.site import FEEDS, demo_site

PORTS = {feed: 2600 + place for place, feed in enumerate(FEEDS)}


def test_the_settings_of_the_group_are_sound() -> None:
    assert list(faults(demo_site(PORTS, 8443))) == []


def test_every_stream_is_carried_by_a_feed() -> None:
    carried = {stream for feed in demo_site(PORTS, 8443).feeds for stream in feed.streams}
    assert carried == set(Stream)


def test_nobody_sends_the_medication_of_the_intensive_care_unit() -> None:
    for feed in demo_site(PORTS, 8443).feeds:
        for stream in (Stream.MEDICATION_ORDERS, Stream.DOSES_GIVEN):
            if stream in feed.streams:
                assert feed.not_fed_wards[stream.value] == (ICU_NOT_FED,)


def test_wards_have_beds_telephones_and_a_site() -> None:
    site = demo_site(PORTS, 8443, wards=3)
    assert len(site.wards) == 3
    for ward in site.wards:
        assert ward.beds
        assert ward.telephones
        assert ward.site
