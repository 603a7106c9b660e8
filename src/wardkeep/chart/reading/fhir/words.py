"""FHIR data types as the chart's rows: concepts, identifiers, quantities, names, telephones.

Words are the sender's own: a concept's text, then a coding's display, then its code. Addresses
of code systems that HL7 lists under a short name as well (table 0396, and its v2 tables) get
that name, so that one drug or analysis is one whether HL7 v2 or FHIR told it.
"""

from __future__ import annotations

from wardkeep.chart.change import Fields, FieldValue
from wardkeep.hospital.site import Rules
from wardkeep.wire.fhir.values import Resource, part, parts, text, texts

_SYSTEMS = {
    "http://loinc.org": "LN",
    "http://snomed.info/sct": "SCT",
    "http://www.whocc.no/atc": "ATC",
    "http://hl7.org/fhir/sid/icd-10": "I10",
    "http://hl7.org/fhir/sid/icd-10-cm": "I10C",
    "http://hl7.org/fhir/sid/icd-9-cm": "I9C",
    "http://www.nlm.nih.gov/research/umls/rxnorm": "RXNORM",
    "http://unitsofmeasure.org": "UCUM",
    "http://hl7.org/fhir/sid/cvx": "CVX",
    "http://hl7.org/fhir/sid/ndc": "NDC",
    "http://www.ama-assn.org/go/cpt": "C4",
}
"""HL7 table 0396, as terminology.hl7.org publishes it."""
_TABLE = "http://terminology.hl7.org/CodeSystem/v2-"
_PREFIXES = ("urn:oid:", "urn:id:")
_USES = {"home": "PRN", "work": "WPN", "temp": "VHN", "mobile": "PRS"}
"""Contact point uses in the terms of HL7 table 0201."""
_TELEPHONES = {"", "phone", "sms"}
Row = list[str | int]


def system_name(address: str) -> str:
    """Return the short name that HL7 gives a code system, else the address as sent."""
    if address.startswith(_TABLE):
        return f"HL7{address[len(_TABLE) :]}"
    known = _SYSTEMS.get(address, address)
    for prefix in _PREFIXES:
        known = known.removeprefix(prefix)
    return known


def namespace(system: str, rules: Rules) -> str:
    """Return what HL7 messages of the site call the numbers of a system."""
    known = rules.fhir_namespaces.get(system)
    if known is not None:
        return known
    for prefix in _PREFIXES:
        system = system.removeprefix(prefix)
    return system


def chosen(concept: Resource) -> Resource:
    """Return the coding that the user selected, else the first with a code, else the first."""
    codings = parts(concept, "coding")
    for coding in codings:
        if coding.get("userSelected") is True:
            return coding
    coded_ones = (coding for coding in codings if text(coding, "code"))
    return next(coded_ones, codings[0] if codings else {})


def coded(concept: Resource) -> tuple[str, str, str]:
    """Return code, text and system of a CodeableConcept."""
    coding = chosen(concept)
    shown = text(concept, "text") or text(coding, "display")
    if not shown:
        displays = (text(each, "display") for each in parts(concept, "coding"))
        shown = next(filter(None, displays), "")
    return text(coding, "code"), shown, system_name(text(coding, "system"))


def words(concept: Resource) -> str:
    """Return the text to show of a CodeableConcept: its text, a display, else its code."""
    code, shown, _ = coded(concept)
    return shown or code


def codes(concept: Resource) -> set[str]:
    """Return every code of a CodeableConcept."""
    return {code for coding in parts(concept, "coding") if (code := text(coding, "code"))}


def all_words(node: Resource, name: str) -> list[str]:
    """Return the words of every concept of a list."""
    return [shown for each in parts(node, name) if (shown := words(each))]


def put_coded(fields: Fields, concept: Resource) -> None:
    """Put code, text and system into fields, whether or not there are any."""
    code, shown, system = coded(concept)
    fields.update(code=code, text=shown, system=system)


def named(code: str, shown: str, system: str, normalised: str) -> str:
    """Return what a coded thing is known by: its code and system, else its words."""
    return f"{code}^{system}" if code else (normalised if shown else "")


def identifier_rows(resource: Resource, rules: Rules) -> list[Row]:
    """Return number, authority and type of every identifier but the old ones."""
    rows: list[Row] = []
    for each in parts(resource, "identifier"):
        number = text(each, "value")
        if number and text(each, "use") != "old":
            by = namespace(text(each, "system"), rules)
            rows.append([number, by, text(chosen(part(each, "type")), "code")])
    return rows


def entity(identifier: Resource, feed: str, rules: Rules) -> str:
    """Return a number with its namespace, as HL7 messages name orders; "" for none."""
    number = text(identifier, "value")
    if not number:
        return ""
    by = namespace(text(identifier, "system"), rules)
    return f"{number}^{by}" if by else f"{number}@{feed}"


def quantity(node: Resource) -> str:
    """Return a Quantity as sent: comparator, value, unit."""
    value = text(node, "value")
    if not value:
        return ""
    shown = text(node, "unit") or text(node, "code")
    comparator = text(node, "comparator")
    return f"{comparator}{value} {shown}".strip()


def span(node: Resource) -> str:
    """Return a Range as sent: "1-2 tab"; with one end only "≥ 1 tab"."""
    low, high = part(node, "low"), part(node, "high")
    if text(low, "value") and text(high, "value"):
        return f"{text(low, 'value')}-{quantity(high) or quantity(low)}"
    if text(low, "value"):
        return f"≥ {quantity(low)}"
    return f"≤ {quantity(high)}" if text(high, "value") else ""


def ratio(node: Resource) -> str:
    """Return a Ratio as sent: "3 g/24 h"; a denominator of one unit stands without its one."""
    above, below = quantity(part(node, "numerator")), quantity(part(node, "denominator"))
    return f"{above}/{below.removeprefix('1 ')}" if above and below not in ("", "1") else above


def human_name(node: Resource) -> tuple[str, str, str]:
    """Return family, given and other names of a HumanName; its text where it has no parts."""
    given = texts(node, "given")
    family = text(node, "family")
    if not family and not given:
        return text(node, "text"), "", ""
    return family, given[0] if given else "", " ".join(given[1:])


def called(resource: Resource) -> str:
    """Return how a person is called: prefix, family, given, or the text of the name."""
    name = part(resource, "name")
    family, given, _ = human_name(name)
    pieces = (*texts(name, "prefix"), family, given)
    return " ".join(piece for piece in pieces if piece)


def telephone_rows(node: Resource) -> FieldValue:
    """Return number and use of every telephone of a list of contact points."""
    rows: list[str | int | list[str | int]] = []
    for each in parts(node, "telecom"):
        number, use = text(each, "value"), text(each, "use")
        if number and use != "old" and text(each, "system") in _TELEPHONES:
            rows.append([number, _USES.get(use, use)])
    return rows or None
