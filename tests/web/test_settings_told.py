"""The settings in words: nothing is called encrypted that is not."""

import msgspec
import pytest
from tests.web.handmade import SITE

from wardkeep.hospital.site import Feed
from wardkeep.web.settings_told import sections


@pytest.mark.parametrize(("certificate", "said"), [(None, "NO"), ("web.pem", "yes")])
def test_a_fhir_feed_is_as_encrypted_as_the_pages_by_whose_door_it_comes(
    certificate: str | None, said: str
) -> None:
    site = msgspec.structs.replace(
        SITE, feeds=(Feed(name="lab", kind="fhir", port=0),), web_certificate=certificate
    )
    (feeds,) = [part for part in sections(site, str) if part.subject == "feeds"]
    assert feeds.rows[0][-1] == said


def test_the_paper_says_how_often_lists_of_the_house_are_made() -> None:
    (paper,) = [part for part in sections(SITE, str) if part.subject == "paper"]
    assert any("7 kinds, made every 120 min" in line for line in paper.lines)
