from itertools import pairwise
from random import Random

from wardkeep.chart.model import Source
from wardkeep.kernel.times import HOUR, MINUTE
from wardkeep.sample.desk import Desk
from wardkeep.sample.hl7 import LocalTime

NOW = 1_653_364_800_000_000


def busy_desk(count: int) -> tuple[Desk, list[str]]:
    desk = Desk(Random(1), LocalTime(), NOW)
    desk.flawless = False
    told: list[str] = []

    def tell(source: Source) -> None:
        told.append(source.message)

    for place in range(count):
        at = NOW + place * MINUTE // 10
        desk.plan(at, lambda: desk.send("adt", "ADT^A08", desk.now, [], tell))
    return desk, told


def test_what_a_message_tells_is_known_when_it_leaves_and_only_once() -> None:
    desk, told = busy_desk(2000)
    sent = list(desk.run(NOW + 9 * HOUR))
    assert len(told) == len(set(told)) == 2000
    assert len(sent) == 2000 + sum(one.resend for one in sent)
    assert any(one.resend for one in sent)


def test_some_messages_come_after_later_ones() -> None:
    desk, told = busy_desk(2000)
    list(desk.run(NOW + 9 * HOUR))
    assert told != sorted(told)
    assert sum(a > b for a, b in pairwise(told)) < 40


def test_the_first_fill_is_in_order_and_sent_once() -> None:
    desk, told = busy_desk(2000)
    desk.flawless = True
    assert not any(one.resend for one in desk.run(NOW + 9 * HOUR))
    assert told == sorted(told)


def test_time_does_not_pass_beyond_what_was_asked() -> None:
    desk, told = busy_desk(10)
    list(desk.run(NOW + MINUTE // 4))
    assert len(told) < 10
    assert desk.now == NOW + MINUTE // 4
