from collections import Counter
from itertools import islice

from wardkeep.sample.group import SENDERS
from wardkeep.sample.mix import SHARES, mix, mixed


def test_the_mix_has_the_shares_that_receivers_are_measured_with() -> None:
    kinds = Counter(body.split(b"|")[8][:3].decode() for body in mix(1400, 1))
    assert kinds == {kind: share * 100 for kind, share in SHARES.items()}


def test_no_control_id_repeats_and_the_seed_decides_the_bytes() -> None:
    bodies = list(mix(700, 1))
    assert len({body.split(b"|")[9] for body in bodies}) == 700
    assert bodies == list(mix(700, 1))
    assert bodies != list(mix(700, 2))


def test_every_message_names_the_sender_of_its_feed() -> None:
    for feed, body in islice(mixed(200, 3), 200):
        fields = body.split(b"|", 5)
        assert fields[2].decode() == SENDERS[feed].application
        assert fields[3].decode() == SENDERS[feed].facility


def test_time_goes_on_in_the_mix() -> None:
    times = [body.split(b"|")[6][:14] for body in mix(400, 1)]
    assert times == sorted(times)
    assert len(set(times)) == 100
