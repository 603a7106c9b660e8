import hashlib
import hmac

from wardkeep.ledger.digests import digest_of, feed_tag, patient_tag, subject_of

KEY = bytes(range(32))


def test_a_digest_can_be_made_by_hand_as_the_design_says() -> None:
    by_hand = hmac.new(KEY, b"wardkeep digest 1\0MSH|", hashlib.sha256).digest()
    assert digest_of(KEY, b"MSH|") == by_hand
    tag = hmac.new(KEY, b"wardkeep patient 1\x004711", hashlib.sha256).digest()[:16]
    assert patient_tag(KEY, "4711") == tag


def test_a_message_is_its_first_patients_else_its_feeds() -> None:
    assert subject_of(KEY, "adt", ["4711", "4712"]) == patient_tag(KEY, "4711")
    assert subject_of(KEY, "adt", []) == feed_tag(KEY, "adt") != patient_tag(KEY, "adt")
