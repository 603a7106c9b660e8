"""What a site server of the simulated group must be told: its feeds, wards and rules."""

from __future__ import annotations

from collections.abc import Mapping

from wardkeep.hospital.login import Login
from wardkeep.hospital.site import Feed, Rules, Site, Ward
from wardkeep.hospital.streams import Stream
from wardkeep.sample.fhir.elements import fhir_namespaces
from wardkeep.sample.group import AUTHORITY, GROUP_NAME, HOUSES, ICU_NOT_FED, SENDERS, WARDS
from wardkeep.sample.hl7 import ZONE
from wardkeep.sample.house import bed_names

FEEDS: tuple[str, ...] = tuple(SENDERS)
"""The names of the feeds, in the order in which they are believed."""

_NOT_FED = (ICU_NOT_FED,)
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
_MEDICATION = (Stream.MEDICATION_ORDERS, Stream.DOSES_GIVEN)


def demo_site(ports: Mapping[str, int], web_port: int, wards: int = len(WARDS)) -> Site:
    """Return the settings of the group: one MLLP feed a system at `ports` (by name of feed).

    `wards` is how many of the group's wards are simulated, as in `house.Size`.
    """
    houses = {house.code: house for house in HOUSES}
    return Site(
        # A toy on loopback: whoever tries it needs no second factor.
        login=Login(second_factor_roles=()),
        name=GROUP_NAME,
        code=AUTHORITY,
        language="fr",
        rules=Rules(
            timezone=ZONE,
            record_authorities=(AUTHORITY,),
            fhir_namespaces=fhir_namespaces(),
        ),
        feeds=tuple(_feed(name, rank, ports[name]) for rank, name in enumerate(FEEDS, start=1)),
        wards=tuple(
            Ward(
                code=ward.code,
                name=ward.name,
                site=houses[ward.house].name,
                beds=bed_names(ward),
                telephones=(ward.telephone,),
            )
            for ward in WARDS[:wards]
        ),
        web_port=web_port,
    )


def _feed(name: str, rank: int, port: int) -> Feed:
    streams = _STREAMS[name]
    return Feed(
        name=name,
        port=port,
        streams=streams,
        rank=rank,
        not_fed_wards={stream.value: _NOT_FED for stream in _MEDICATION if stream in streams},
    )
