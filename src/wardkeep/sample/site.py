"""What a site server of the simulated group must be told: its feeds, wards and rules."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

import msgspec

from wardkeep.hospital.login import Login
from wardkeep.hospital.site import Feed, Paper, RecordSystem, Rules, Site, Ward
from wardkeep.hospital.streams import Stream
from wardkeep.sample.fhir.elements import fhir_namespaces
from wardkeep.sample.group import AUTHORITY, GROUP_NAME, HOUSES, ICU_NOT_FED, SENDERS, WARDS
from wardkeep.sample.hl7 import ZONE
from wardkeep.sample.house import bed_names

FEEDS: tuple[str, ...] = tuple(SENDERS)
"""The names of the feeds, in the order in which they are believed."""

_NOT_FED: tuple[str, ...] = (ICU_NOT_FED,)
_STREAMS: dict[str, tuple[Stream, ...]] = {
    "adt": (Stream.ADMISSIONS, Stream.ALLERGIES, Stream.PROBLEMS),
    "pharmacy": (Stream.MEDICATION_ORDERS, Stream.ALLERGIES),
    "oncology": (Stream.MEDICATION_ORDERS,),
    "mar": (
        Stream.DOSES_GIVEN,
        Stream.CODE_STATUS,
        Stream.ISOLATION,
        Stream.DIET,
        Stream.WEIGHT,
        Stream.LABORATORY,
    ),
    "laboratory": (Stream.LABORATORY, Stream.ORDERS, Stream.SPECIMENS),
    "imaging": (Stream.IMAGING, Stream.ORDERS),
    "appointments": (Stream.APPOINTMENTS,),
}
_PAPER = Paper(
    theatre_services=("Endoscopie",),
    default_code_status="Réanimer tant qu'aucune limite n'est écrite",
    tall_man="BE",
)
_SYSTEMS = (
    RecordSystem(name="Dossier infirmier et administration", feeds=("mar",)),
    RecordSystem(name="Banque de sang", holds="groupes, anticorps, poches réservées"),
    RecordSystem(name="Soins intensifs", holds="traitements et pompes", wards=(ICU_NOT_FED,)),
)
_MEDICATION = (Stream.MEDICATION_ORDERS, Stream.DOSES_GIVEN)


ALL = "all"
SPOKEN: tuple[str, ...] = (ALL, *FEEDS, *(s for s in Stream if s not in FEEDS))
"""What may be asked to come as FHIR: everything, a feed, or a stream."""


def feeds_of(names: Iterable[str]) -> frozenset[str]:
    """Return the feeds that are named, or carry a stream that is (each of SPOKEN)."""
    wanted = set(names)
    return frozenset(
        feed
        for feed, streams in _STREAMS.items()
        if ALL in wanted or feed in wanted or not wanted.isdisjoint(streams)
    )


def demo_site(
    ports: Mapping[str, int],
    web_port: int,
    wards: int = len(WARDS),
    fhir: Collection[str] = (),
) -> Site:
    """Return the settings of the group: one MLLP feed a system at `ports` (by name of feed).

    Those in `fhir` send at the web's port instead. `wards` is how many of the group's wards are
    simulated, as in `house.Size`.
    """
    houses = {house.code: house for house in HOUSES}
    return Site(
        # A toy on loopback: whoever tries it needs no second factor.
        login=Login(second_factor_roles=()),
        name=GROUP_NAME,
        code=AUTHORITY,
        language="fr",
        rules=_rules(),
        paper=_PAPER,
        feeds=tuple(
            _feed(name, rank, None if name in fhir else ports[name])
            for rank, name in enumerate(FEEDS, start=1)
        ),
        wards=tuple(
            Ward(
                code=ward.code,
                name=ward.name,
                site=houses[ward.house].name,
                beds=bed_names(ward),
                telephones=(ward.telephone,),
                telephones_tested="2022-05-02",
            )
            for ward in WARDS[:wards]
        ),
        systems=_SYSTEMS,
        web_port=web_port,
    )


def _rules() -> Rules:
    return Rules(
        timezone=ZONE,
        record_authorities=(AUTHORITY,),
        fhir_namespaces=fhir_namespaces(),
    )


def _feed(name: str, rank: int, port: int | None) -> Feed:
    """Return a feed; without a port it is one of FHIR."""
    streams = _STREAMS[name]
    not_fed = dict.fromkeys((s.value for s in _MEDICATION if s in streams), _NOT_FED)
    feed = Feed(name=name, streams=streams, rank=rank, not_fed_wards=not_fed)
    if port is None:
        return msgspec.structs.replace(feed, kind="fhir")
    return msgspec.structs.replace(feed, port=port)
