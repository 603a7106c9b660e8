"""The words of the templates: looked up once a language, filled with escaped values.

`_("Bed")` in a template is read from a table, since a board of forty rows says some hundred
such words; with values, `_("%(n)s min", n=5)`, it is filled as gettext does, each escaped.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from jinja2 import Environment
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream
from markupsafe import Markup, escape
from typing_extensions import override

from wardkeep.web.language import Catalogue

_TABLE = "phrases"
_CALL = ("name", "lparen", "string", "rparen")


class Phrases(dict[str, Markup]):
    """Each phrase without values in one language, as it stands on a page."""

    def __init__(self, words: Catalogue) -> None:
        super().__init__()
        self._words = words

    def __missing__(self, message: str) -> Markup:
        # Bounded: the templates' own words alone are asked for.
        found = self[message] = self.say(message)
        return found

    def say(self, message: str, /, **values: object) -> Markup:
        """Return the message in this language, each value escaped."""
        return _filled(self._words.gettext(message), values)

    def say_counted(self, one: str, many: str, num: int, /, **values: object) -> Markup:
        """Return the form of the message for `num`, which is a value too."""
        return _filled(self._words.ngettext(one, many, num), {"num": num, **values})


class PhraseTable(Extension):
    """Reads `_("Bed")`, a phrase without values, from the table of its language."""

    @override
    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        """Return the tokens with each such call as a look into the table."""
        tokens, place = list(stream), 0
        while place < len(tokens):
            token = tokens[place]
            call = tokens[place : place + len(_CALL)]
            if token.value == "_" and tuple(each.type for each in call) == _CALL:
                yield Token(token.lineno, "name", _TABLE)
                yield Token(token.lineno, "lbracket", "[")
                yield call[2]
                yield Token(token.lineno, "rbracket", "]")
                place += len(_CALL)
            else:
                yield token
                place += 1


def _filled(message: str, values: Mapping[str, object]) -> Markup:
    return Markup(message % {name: escape(value) for name, value in values.items()})  # noqa: S704  # our own words; every value is escaped


def install(made: Environment, words: Catalogue) -> None:
    """Give the templates the words of one language."""
    phrases = Phrases(words)
    made.add_extension(PhraseTable)
    made.globals.update({_TABLE: phrases, "_": phrases.say, "ngettext": phrases.say_counted})
