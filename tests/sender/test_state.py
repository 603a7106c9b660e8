from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from wardkeep.kernel.times import DAY, HOUR
from wardkeep.sender.events import SenderKnown, Trait
from wardkeep.sender.state import LEARNING, MORE, MOST, Memory, Seen, evolve, note

T = 20_000 * DAY
LAB = Seen("10.4.0.7", "CN=lab", "LAB^HR", "ORU^R01")


def names(memory: Memory, trait: Trait) -> list[str]:
    return [sight.name for sight in memory.new if sight.trait is trait]


def test_what_a_feed_shows_on_its_first_day_is_known_and_what_comes_later_is_new() -> None:
    memory = note(note(None, {LAB: 5}, T), {LAB: 2}, T + LEARNING)
    assert memory.new == []
    assert {sight.count for sight in memory.sights} == {7}
    forged = LAB._replace(address="10.9.9.9", application="X^HR")
    memory = note(memory, {forged: 1}, T + LEARNING)
    assert names(memory, Trait.ADDRESS) == ["10.9.9.9"]
    assert names(memory, Trait.APPLICATION) == ["X^HR"]
    assert names(memory, Trait.CERTIFICATE) == []
    known = SenderKnown(feed="lab", trait=Trait.ADDRESS, name="10.9.9.9", by="otto", at=T)
    memory = evolve(memory, known)
    assert names(memory, Trait.ADDRESS) == []
    assert [sight.by for sight in memory.sights if sight.name == "10.9.9.9"] == ["otto"]


def test_a_rate_far_beyond_what_the_hour_knew_is_new() -> None:
    memory = None
    for day in range(5):
        for hour in range(24):
            memory = note(memory, {LAB: 300}, T + day * DAY + hour * HOUR)
    memory = note(memory, {LAB: 1_499}, T + 5 * DAY)
    assert names(memory, Trait.RATE) == []
    memory = note(memory, {LAB: 1}, T + 5 * DAY + 60)
    assert names(memory, Trait.RATE) == ["00h UTC"]


@given(st.lists(st.text(max_size=200), max_size=300))
def test_a_sender_that_invents_names_fills_no_memory(invented: list[str]) -> None:
    memory = note(None, {LAB: 1}, T)
    for number, name in enumerate(invented):
        memory = note(memory, {LAB._replace(application=name): 1}, T + LEARNING + number)
    applications = [s for s in memory.sights if s.trait is Trait.APPLICATION]
    assert len(applications) <= MOST + 1
    assert sum(s.count for s in applications) == 1 + len(invented)
    many = {s.name for s in applications}
    assert (MORE in many) == (len(many) > MOST)
