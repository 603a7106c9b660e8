"""Settings that Wardkeep writes are settings that it reads."""

from __future__ import annotations

import tomllib

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from wardkeep.app.settings import read_site
from wardkeep.app.settings_text import default_settings_toml, settings_toml
from wardkeep.hospital.site import Feed, Rules, Site, Ward
from wardkeep.hospital.soundness import faults
from wardkeep.hospital.streams import Stream

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
WORD = st.text(st.sampled_from("abcXYZ019-_."), max_size=10).map(lambda rest: "n" + rest)
FEEDS = st.lists(
    st.builds(
        Feed,
        name=WORD,
        host=TEXT,
        port=st.integers(0, 65535),
        streams=st.lists(st.sampled_from(Stream), unique=True).map(tuple),
        rank=st.integers(1, 9),
        application_ack=st.booleans(),
        not_fed_wards=st.dictionaries(
            st.sampled_from([each.value for each in Stream]), st.lists(TEXT).map(tuple)
        ),
    ),
    max_size=3,
)
WARDS = st.lists(
    st.builds(
        Ward, code=TEXT, name=TEXT, beds=st.lists(TEXT).map(tuple), next_due=st.booleans()
    ),
    max_size=3,
)
RULES = st.builds(
    Rules,
    compute_next_due=st.booleans(),
    standard_hours=st.dictionaries(TEXT, st.just(("08:00",)), max_size=3),
)


@given(st.builds(Site, name=TEXT, rules=RULES, feeds=FEEDS.map(tuple), wards=WARDS.map(tuple)))
def test_a_site_that_was_written_reads_back_the_same(site: Site) -> None:
    text = settings_toml(site)
    assert msgspec.convert(tomllib.loads(text), Site) == site
    if not list(faults(site)):
        assert read_site(text.encode(), "wardkeep.toml") == site


def test_what_stands_at_its_default_is_not_written() -> None:
    assert settings_toml(Site(name="x")) == 'name = "x"\n'


@given(TEXT)
def test_any_name_survives_the_settings_of_a_new_folder(name: str) -> None:
    assert tomllib.loads(default_settings_toml(name, 1, 2))["name"] == name
