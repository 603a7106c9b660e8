from msgspec.structs import replace
from tests.pack.handmade import NOW, pack_of, patient, ward_data

from wardkeep.adapters.typst_words import translator
from wardkeep.pack.contents import ward_pack
from wardkeep.pack.from_paper import FromPaper, LeftOut


def test_a_band_above_all_says_that_paper_was_read_back_in_the_wards_language() -> None:
    told = FromPaper(as_of=NOW, patients=4, left_out=(LeftOut(),))
    words = {
        "fr": "RELU SUR PAPIER",
        "nl": "TERUGGELEZEN VAN PAPIER",
        "de": "VON PAPIER VOM",
        "en": "READ BACK FROM PAPER",
    }
    for language, begin in words.items():
        data = replace(ward_data(patient("1")), from_paper=told)
        pack = ward_pack(data, language, translator(language))
        assert pack.ward_sheet.old.startswith(begin)
        assert pack.patients[0].old.startswith(begin)
        assert "4" in pack.ward_sheet.old
    assert pack_of(patient("1")).patients[0].old == ""
