from collections import Counter
from collections.abc import Callable, Iterable

from wardkeep.chart.memory import MemoryCharts
from wardkeep.chart.plain import plain
from wardkeep.kernel.times import DAY, HOUR, MINUTE
from wardkeep.sample.admissions import Admissions
from wardkeep.sample.compare import differences
from wardkeep.sample.desk import Sent
from wardkeep.sample.hospital import Hospital
from wardkeep.sample.house import Size
from wardkeep.sample.world import Person

Fold = Callable[[Iterable[Sent]], MemoryCharts]
START = 1_653_364_800_000_000
LIVELY = Size(patients=120, appointments=0, messages_a_day=0, history_hours=1, look_back_days=0)
"""All wards, few patients in each: days of coming and going without the usual traffic."""


def test_after_days_of_coming_and_going_the_chart_is_still_the_truth(fold: Fold) -> None:
    hospital = Hospital(3, START, LIVELY)
    messages = [*hospital.first_fill(), *hospital.live(START + 3 * DAY)]
    kinds = Counter(sent.body.split(b"|")[8].split(b"^")[1].decode() for sent in messages)
    wanted = {"A01", "A02", "A03", "A11", "A12", "A13", "A17", "A21", "A22", "A40", "A60"}
    assert wanted - kinds.keys() == set()
    charts = fold(messages)
    for record in hospital.records():
        chart = charts.patient(record)
        product = plain(chart) if chart else None
        assert differences(hospital.true_chart(record), product) == []


class QuietWard:
    """A tiny hospital after its first fill in which nothing happens but what a story says."""

    def __init__(self) -> None:
        self.hospital = Hospital(
            1, START, Size(wards=2, patients=20, appointments=0, messages_a_day=0)
        )
        self.sent = list(self.hospital.first_fill())
        house = self.hospital._house
        self.stay = next(
            stay for _, stay in house.current.values() if not stay.pinned and stay.open
        )
        bed = house.take_bed(self.stay.bed.ward)
        assert bed is not None
        self.bed, self.before = bed, self.stay.bed
        self.desk = self.hospital._movements.desk_of_admissions

    def after(self, minutes: int, happening: Callable[[Admissions, Person], object]) -> None:
        owner = self.stay.owner
        assert owner is not None
        at = START + minutes * MINUTE
        self.hospital._desk.plan(at, lambda: happening(self.desk, owner))

    def differs(self, fold: Fold) -> list[str]:
        self.sent += self.hospital.live(START + HOUR)
        owner = self.stay.owner
        assert owner is not None
        chart = fold(self.sent).patient(owner.record)
        assert chart is not None
        truth = self.hospital.true_chart(owner.record)
        return [one.path for one in differences(truth, plain(chart))]


def test_a_transfer_taken_back_leaves_no_trace_though_it_was_repeated(fold: Fold) -> None:
    story, moved = QuietWard(), []
    story.after(1, lambda desk, who: moved.append(desk.transfer(who, story.stay, story.bed)))
    story.after(2, lambda desk, who: desk.update(who, story.stay))
    story.after(
        3,
        lambda desk, who: desk.cancel_transfer(who, story.stay, moved[0], story.before),
    )
    assert story.differs(fold) == []


def test_a_transfer_typed_late_is_believed_over_what_was_seen_meanwhile(fold: Fold) -> None:
    story = QuietWard()
    story.after(2, lambda desk, who: desk.update(who, story.stay))
    story.after(3, lambda desk, who: desk.transfer(who, story.stay, story.bed, late=2 * MINUTE))
    assert story.differs(fold) == []
