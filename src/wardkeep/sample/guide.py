"""What to look at in the simulated hospital: ten lines for somebody who has just opened it."""

from __future__ import annotations

from wardkeep.sample.hospital import Hospital

_LINES = (
    ("same_name", "Two patients of one name on ward {ward}: records {records}"),
    (
        "weekly_methotrexate",
        "Methotrexate once a week, on Mondays: ward {ward}, record {records}",
    ),
    ("patch_72h", "A 72-hour fentanyl patch and when it is due: ward {ward}, record {records}"),
    ("one_drug_two_feeds", "Apixaban ordered by two pharmacies: ward {ward}, record {records}"),
    (
        "allergies_disagree",
        "Allergies that disagree, and amoxicillin: ward {ward}, record {records}",
    ),
    (
        "code_status_across_merge",
        "A decision from a merged record: ward {ward}, records {records}",
    ),
    ("lost_micro_sign", "Micrograms whose sign was lost: ward {ward}, record {records}"),
    ("unit_not_fed", "A unit whose medication nobody sends, NOT FED: ward {ward}"),
    ("gone_and_anticoagulated", "At home for months on acenocoumarol: search record {records}"),
    ("cut_off", "A result that broke off on its way, in no chart: see Quarantine"),
)


_REFUSED = "A result that broke off on its way, refused: see the alarm on the overview"


def lines(hospital: Hospital, fhir: frozenset[str] = frozenset()) -> list[str]:
    """Return ten lines in English with wards and record numbers; call after the first fill.

    `fhir` are the feeds that send to the door, which refuses what is not whole.
    """
    found = []
    for name, text in _LINES:
        if name == "cut_off" and "laboratory" in fhir:
            found.append(_REFUSED)
            continue
        trap = hospital.traps[name]
        records = " and ".join(dict.fromkeys(trap.records[:2]))
        found.append(text.format(ward=trap.ward, records=records))
    return found
