from wardkeep.adapters.typst_words import translator


def test_each_language_has_its_words_and_english_is_the_source() -> None:
    told = {language: translator(language)("NOT FED") for language in ("fr", "nl", "de", "en")}
    assert told == {
        "fr": "NON TRANSMIS",
        "nl": "NIET AANGELEVERD",
        "de": "NICHT GELIEFERT",
        "en": "NOT FED",
    }


def test_a_message_without_a_translation_stays_readable() -> None:
    assert translator("fr")("no such message") == "no such message"
