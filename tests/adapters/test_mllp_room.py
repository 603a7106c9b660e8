from wardkeep.adapters.mllp_room import QUEUED, UNFINISHED, Room


class Held:
    def __init__(self) -> None:
        self.reasons = 0

    def hold(self, reason: int) -> None:
        self.reasons |= reason

    def release(self, reason: int) -> None:
        self.reasons &= ~reason


def test_the_oldest_unfinished_frame_always_goes_on() -> None:
    room, one, two, three = Room(100), Held(), Held(), Held()
    room.grew(one, 60, anew=False)
    room.grew(two, 60, anew=False)
    room.grew(three, 10, anew=False)
    room.grew(one, 90, anew=False)
    assert [one.reasons, two.reasons, three.reasons] == [0, UNFINISHED, UNFINISHED]
    room.ended(one)
    assert [two.reasons, three.reasons] == [0, 0]
    assert room.unfinished_bytes == 70


def test_the_next_one_goes_on_even_while_memory_is_still_full() -> None:
    room, one, two, three = Room(100), Held(), Held(), Held()
    for each, size in ((one, 50), (two, 80), (three, 80)):
        room.grew(each, size, anew=False)
    room.ended(one)
    assert [two.reasons, three.reasons] == [0, UNFINISHED]
    room.ended(two)
    assert three.reasons == 0


def test_a_sender_that_ended_a_frame_queues_behind_the_others_with_its_next() -> None:
    room, one, two = Room(100), Held(), Held()
    room.grew(one, 50, anew=False)
    room.grew(two, 60, anew=False)
    room.grew(one, 70, anew=True)
    assert room.unfinished == (two, one)
    assert [one.reasons, two.reasons] == [UNFINISHED, 0]


def test_a_full_queue_holds_senders_until_half_of_it_is_committed() -> None:
    room, one, two = Room(100, queued_bytes=10, queued_entries=3), Held(), Held()
    room.queued(one, 6)
    assert one.reasons == 0
    room.queued(two, 6)
    assert (one.reasons, two.reasons) == (0, QUEUED)
    room.settled(6)
    assert two.reasons == QUEUED
    room.settled(6)
    assert (two.reasons, room.queued_bytes, room.queued_entries) == (0, 0, 0)


def test_many_small_messages_fill_the_queue_too() -> None:
    room, one = Room(100, queued_bytes=10, queued_entries=3), Held()
    for _ in range(4):
        room.queued(one, 1)
    assert one.reasons == QUEUED
