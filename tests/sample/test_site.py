from wardkeep.hospital.soundness import faults
from wardkeep.hospital.streams import Stream
from wardkeep.sample.group import ICU_NOT_FED
from wardkeep.sample.site import ALL, FEEDS, SPOKEN, demo_site, feeds_of

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


def test_what_comes_as_fhir_is_asked_for_by_stream_by_feed_or_altogether() -> None:
    assert feeds_of([]) == frozenset()
    assert feeds_of([ALL]) == frozenset(FEEDS)
    assert feeds_of(["mar", "appointments"]) == {"mar", "appointments"}
    assert feeds_of(["medication_orders"]) == {"pharmacy", "oncology"}
    assert all(feeds_of([name]) for name in SPOKEN)


def test_a_group_that_speaks_fhir_has_sound_settings() -> None:
    site = demo_site(PORTS, 8443, fhir=feeds_of(["laboratory"]))
    assert list(faults(site)) == []
    kinds = {feed.name: feed.kind for feed in site.feeds}
    assert {name for name, kind in kinds.items() if kind == "fhir"} == feeds_of(["laboratory"])
