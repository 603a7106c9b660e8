from collections import Counter
from collections.abc import Callable, Iterable

from wardkeep.chart.memory import MemoryCharts
from wardkeep.chart.plain import plain
from wardkeep.kernel.times import DAY
from wardkeep.sample.compare import differences
from wardkeep.sample.desk import Sent
from wardkeep.sample.hospital import Hospital
from wardkeep.sample.house import Size

Fold = Callable[[Iterable[Sent]], MemoryCharts]
START = 1_653_364_800_000_000
LIVELY = Size(patients=120, appointments=0, messages_a_day=0, history_hours=1, look_back_days=0)
"""All wards, few patients in each: days of coming and going without the usual traffic."""


def test_after_days_of_coming_and_going_the_chart_is_still_the_truth(fold: Fold) -> None:
    hospital = Hospital(9, START, LIVELY)
    messages = [*hospital.first_fill(), *hospital.live(START + 3 * DAY)]
    kinds = Counter(sent.body.split(b"|")[8].split(b"^")[1].decode() for sent in messages)
    wanted = {"A01", "A02", "A03", "A11", "A12", "A13", "A17", "A21", "A22", "A40", "A60"}
    assert wanted - kinds.keys() == set()
    charts = fold(messages)
    for record in hospital.records():
        chart = charts.patient(record)
        product = plain(chart) if chart else None
        assert differences(hospital.true_chart(record), product) == []
