from __future__ import annotations

from random import Random

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.chart.contract_charts import ChartsContract
from tests.chart.sending import SITE, adt, entries, fold, oru, pid, pv1, ras, rde

from wardkeep.chart.memory import MemoryCharts
from wardkeep.chart.plain import plain
from wardkeep.ledger.arrival import Entry

_TIMES = [
    f"202605{day:02d}{hour:02d}{minute:02d}"
    for day in (15, 16)
    for hour in (6, 12, 23)
    for minute in (0, 30)
]
_RECORDS = ("1001", "1002", "1003")
_BIRTHS = ("19340307", "19340307", "19600101", "")
_BEDS = ("A2^12^1", "A2^12^2", "B3^1^1", "")


def messages() -> st.SearchStrategy[tuple[str, bytes]]:
    """Any message that a small hospital may send of three numbers in two days."""
    at = st.sampled_from(_TIMES)
    who = st.builds(
        lambda record, born, name: pid(record, name, born),
        st.sampled_from(_RECORDS),
        st.sampled_from(_BIRTHS),
        st.sampled_from(("Dupont^Marie", "Dupond^Marie", '""')),
    )
    where = st.builds(pv1, st.sampled_from(_BEDS), st.sampled_from(("V1", "V2")))
    allergy = st.sampled_from(
        (
            "AL1|1|DA|P^Penicillin^L|SV",
            "AL1|1|DA|P^Penicillin^L|MO",
            "AL1|1||NKA",
            'AL1|1||""',
            "IAM|1|DA|P^Penicillin^L|SV||D",
            "OBX|1|TX|CODESTATUS||DNR||||||F",
            "ZZZ|1",
        )
    )
    trigger = st.sampled_from(
        (
            "A01",
            "A02",
            "A03",
            "A04",
            "A05",
            "A06",
            "A07",
            "A08",
            "A11",
            "A12",
            "A13",
            "A21",
            "A22",
            "A31",
            "A38",
            "A52",
            "A53",
        )
    )
    admission = st.builds(
        lambda kind, when, happened, person, place, more: (
            "adt",
            adt(kind, when, person, place, more, happened=happened),
        ),
        trigger,
        at,
        at,
        who,
        where,
        allergy,
    )
    merge = st.builds(
        lambda kind, when, new, old: ("adt", adt(kind, when, pid(new), f"MRG|{old}^^^GHQV^MR")),
        st.sampled_from(("A40", "A18", "A34")),
        at,
        st.sampled_from(_RECORDS),
        st.sampled_from(_RECORDS),
    )
    codes = ("NW", "XO", "DC", "HD", "RL", "CA", "RP", "RO", "SC", "UD", "OD", "RE")
    order = st.builds(
        lambda code, when, feed, drug, number: (
            feed,
            rde(code, when, "TQ1|1||BID|||3^D|20260515080000", order=number, drug=drug),
        ),
        st.sampled_from(codes),
        at,
        st.sampled_from(("meds", "onco")),
        st.sampled_from(("", "C07^Bisoprolol^ATC|1||tab", "C07^Bisoprolol^ATC|||mg")),
        st.sampled_from(("77^CPOE", "78^CPOE", "77")),
    )
    dose = st.builds(
        lambda when, sent, status, action: (
            "meds",
            ras(when, status, action=action, sent=sent),
        ),
        at,
        at,
        st.sampled_from(("CP", "RE", "NA", "PA")),
        st.sampled_from("AUD"),
    )
    result = st.builds(
        lambda value, state, when: ("lab", oru(value, state, when)),
        st.sampled_from(("4.1", "5.9")),
        st.sampled_from("PFCWXD"),
        at,
    )
    return st.one_of(admission, admission, merge, order, order, dose, result)


def bytes_of(folded: MemoryCharts) -> bytes:
    return msgspec.msgpack.encode(folded.survivors())


@settings(max_examples=150)
@given(st.lists(messages(), min_size=1, max_size=14), st.randoms(use_true_random=False))
def test_messages_in_any_order_give_the_same_charts_byte_for_byte(
    sent: list[tuple[str, bytes]], random: Random
) -> None:
    known = entries(sent)
    shuffled = list(known)
    random.shuffle(shuffled)
    assert bytes_of(fold(shuffled)) == bytes_of(fold(known))


@settings(max_examples=50)
@given(st.lists(messages(), min_size=1, max_size=10))
def test_messages_heard_again_change_nothing(sent: list[tuple[str, bytes]]) -> None:
    known = entries(sent)
    assert bytes_of(fold([*known, *reversed(known), *known])) == bytes_of(fold(known))


@settings(max_examples=50)
@given(st.lists(messages(), min_size=1, max_size=10), st.randoms(use_true_random=False))
def test_the_number_in_the_ledger_never_decides(
    sent: list[tuple[str, bytes]], random: Random
) -> None:
    once = list(dict.fromkeys(sent))
    other = list(once)
    random.shuffle(other)
    first = [plain(chart) for chart in fold(entries(once)).survivors()]
    second = [plain(chart) for chart in fold(entries(other)).survivors()]
    assert first == second


class TestMemoryCharts(ChartsContract):
    def follow(self, entries: list[Entry]) -> MemoryCharts:
        return fold(entries, SITE)
