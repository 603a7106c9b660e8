from __future__ import annotations

from wardkeep.kernel.wording import Wording


def test_a_sentence_is_said_in_english_or_as_the_catalogue_has_it() -> None:
    wording = Wording("%(n)s wards on %(path)s", {"n": 3, "path": "/srv/50% full"})
    assert str(wording) == "3 wards on /srv/50% full"
    french = {"%(n)s wards on %(path)s": "%(path)s : %(n)s unités"}
    assert wording.said(french.__getitem__) == "/srv/50% full : 3 unités"
    assert str(Wording("all of it")) == "all of it"
