"""The templates in each language: compiled once for all of them, before the first page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, partial
from types import FunctionType, MethodType
from typing import Any, Final
from urllib.parse import urlencode

from jinja2 import BytecodeCache, Environment, PackageLoader, StrictUndefined, Template
from jinja2.bccache import Bucket
from jinja2.environment import TemplateModule
from jinja2.runtime import Context, Macro
from typing_extensions import override

from wardkeep.access.permission import Permission
from wardkeep.adapters.typst_words import translator
from wardkeep.chart.visit import own_id
from wardkeep.web import alarm_words, words
from wardkeep.web.assets import asset_address
from wardkeep.web.audit_words import reason, said
from wardkeep.web.language import LANGUAGES, Catalogue, catalogue
from wardkeep.web.long_words import parted, soft
from wardkeep.web.phrases import install
from wardkeep.web.row_calendar import ago_told
from wardkeep.web.visible_text import unhidden, visible_html

PIECES: Final = "made_pieces"
"""The variable by which the parts of a page share their macros."""


class PlainCalls(Context):
    """What templates are called with: macros, functions and methods without detours.

    Jinja looks up at each call whether the callable wants the context; a board of forty rows
    calls some thousand times, and none of ours wants it.
    """

    @override
    def call(self, called: Callable[..., object], /, *args: object, **named: object) -> object:
        """Return what is called with the arguments."""
        if type(called) is Macro:
            args = (self.eval_ctx, *args)
        elif type(called) not in _PLAIN or hasattr(called, "jinja_pass_arg"):
            return super().call(called, *args, **named)
        # Jinja's own, for callables that want the context.
        named.pop("_block_vars", None)
        named.pop("_loop_vars", None)
        return called(*args, **named)


class PiecesOnce(Template):
    """A template whose macros are made once a page, however many of its parts import them.

    A page has five files of macros that import each other. Those that a page shares it hands in
    as `made_pieces`, empty: macros see the page's own variables, and none that a template sets.
    """

    @override
    def make_module(
        self,
        vars: dict[str, Any] | None = None,
        shared: bool = False,
        locals: Mapping[str, Any] | None = None,
    ) -> TemplateModule:
        """Return the macros, made at the first call of a page."""
        made: dict[str | None, TemplateModule] | None = (vars or {}).get(PIECES)
        if made is None or not shared:
            return super().make_module(vars, shared, locals)
        if self.name not in made:
            made[self.name] = super().make_module(vars, shared)
        return made[self.name]


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
_PLAIN = (FunctionType, MethodType)


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
    made.context_class = PlainCalls
    made.template_class = PiecesOnce
    words_of_it: Catalogue = catalogue(language)
    install(made, words_of_it)
    made.filters["visible"] = visible_html
    made.filters["unhidden"] = unhidden
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
        paper_word=translator(language),
        ago_told=ago_told(words_of_it.gettext),
    )
    return made


def compile_all() -> None:
    """Compile every template in every language: 0.3 s that no page then waits for."""
    for language in LANGUAGES:
        made = environment(language)
        for name in made.list_templates():
            made.get_template(name)
