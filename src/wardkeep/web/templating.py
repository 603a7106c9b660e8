"""The templates in each language: compiled once for all of them, before the first page."""

from __future__ import annotations

from functools import cache, partial
from urllib.parse import urlencode

from jinja2 import BytecodeCache, Environment, PackageLoader, StrictUndefined
from jinja2.bccache import Bucket
from typing_extensions import override

from wardkeep.access.permission import Permission
from wardkeep.chart.visit import own_id
from wardkeep.web import alarm_words, words
from wardkeep.web.assets import asset_address
from wardkeep.web.audit_words import reason, said
from wardkeep.web.language import LANGUAGES, Catalogue, catalogue
from wardkeep.web.long_words import parted, soft
from wardkeep.web.phrases import install
from wardkeep.web.visible_text import visible_html


class _CompiledOnce(BytecodeCache):
    """Compiled templates in memory: the languages differ in their words alone."""

    def __init__(self) -> None:
        self._compiled: dict[str, bytes] = {}

    @override
    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill the bucket with what another language compiled."""
        if bucket.key in self._compiled:
            bucket.bytecode_from_string(self._compiled[bucket.key])

    @override
    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self._compiled[bucket.key] = bucket.bytecode_to_string()


_compiled = _CompiledOnce()


@cache
def environment(language: str) -> Environment:
    """Return the templates in one language; everything in them is escaped."""
    made = Environment(
        loader=PackageLoader("wardkeep.web", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        bytecode_cache=_compiled,
    )
    words_of_it: Catalogue = catalogue(language)
    install(made, words_of_it)
    made.filters["visible"] = visible_html
    made.filters["query"] = urlencode
    made.filters["soft"] = soft
    made.filters["parted"] = parted
    made.filters["audit"] = partial(said, translate=words_of_it.gettext)
    made.filters["reason"] = partial(reason, translate=words_of_it.gettext)
    made.globals.update(
        alarm_words=alarm_words,
        words=words,
        own_id=own_id,
        languages=LANGUAGES,
        asset=asset_address,
        Permission=Permission,
    )
    return made


def compile_all() -> None:
    """Compile every template in every language: 0.3 s that no page then waits for."""
    for language in LANGUAGES:
        made = environment(language)
        for name in made.list_templates():
            made.get_template(name)
