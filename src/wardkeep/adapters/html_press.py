"""Makes the sheets of a ward as HTML, from the same value as the PDF.

Text is escaped by Jinja2; a name that the sheets do not have is an error, not a blank.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import jinja2
from jinja2 import Environment, FunctionLoader, StrictUndefined

from wardkeep.adapters.errors import TypesettingError
from wardkeep.paper.forms import WardPack
from wardkeep.paper.list_forms import ListPack

_TEMPLATE = "sheets.jinja"


def press_html(pack: WardPack) -> list[str]:
    """Return the ward sheet, then one fragment a patient (MAR and summary); no scripts in it.

    Raises TypesettingError where the layout and the sheets do not fit each other.
    """
    try:
        module = _template().make_module({"pack": pack, "words": pack.words})
        made = [str(module.ward())]  # type: ignore[attr-defined]  # a macro of the template
        for patient in pack.patients:
            who = f"{patient.surname}, {patient.given} · {patient.born} · "
            mar, summary = module.mar, module.summary  # type: ignore[attr-defined]  # as above
            made.append(f"{mar(patient, who)}{summary(patient, who)}")
    except jinja2.TemplateError as fault:
        raise TypesettingError(f"a sheet as HTML: {type(fault).__name__}") from fault
    return made


def press_list_html(pack: ListPack) -> list[str]:
    """Return a list of the house as HTML: its head, then a fragment of each group of rows.

    Raises TypesettingError as `press_html`.
    """
    try:
        module = _template().make_module({"pack": pack, "words": pack.words})
        group = module.list_group  # type: ignore[attr-defined]  # a macro of the template
        head = str(module.list_head())  # type: ignore[attr-defined]  # as above
        return [head, *(str(group(each)) for each in pack.groups)]
    except jinja2.TemplateError as fault:
        raise TypesettingError(f"a list as HTML: {type(fault).__name__}") from fault


@cache
def _template() -> jinja2.Template:
    source = files("wardkeep.paper") / "viewer" / _TEMPLATE
    environment = Environment(
        autoescape=True,
        loader=FunctionLoader(lambda _: source.read_text("utf-8")),
        trim_blocks=True,
        undefined=StrictUndefined,
    )
    return environment.get_template(_TEMPLATE)
