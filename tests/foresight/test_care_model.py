from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from tests.sample.test_estate import whole

from wardkeep.foresight.care_model import CareModel, care_model
from wardkeep.foresight.engines.care_lost import mode_at
from wardkeep.foresight.engines.returning import work_again
from wardkeep.hospital.map.care import Mode, Service
from wardkeep.hospital.map.falls import what_falls
from wardkeep.hospital.map.item import reference_to
from wardkeep.hospital.map.machines import Application, Server
from wardkeep.hospital.map.whole import HospitalMap

MODEL = care_model(whole())
LOSABLE = sorted(
    ref
    for ref in whole().items
    if ref.split(":")[0] in {"server", "segment", "device", "application", "neighbour", "site"}
)


def own_hours(model: CareModel, lost: dict[str, float]) -> np.ndarray:
    """The hours until each node's own part works again."""
    hours = np.zeros(len(model.nodes))
    for reference, each in lost.items():
        if reference in model.nodes:
            hours[model.nodes[reference]] = each
    return hours


@given(st.lists(st.sampled_from(LOSABLE), max_size=12, unique=True))
def test_the_engine_and_the_map_agree_on_what_is_lost_and_how_services_work(
    lost: list[str],
) -> None:
    falls = what_falls(whole(), lost)
    hours = np.empty(len(MODEL.nodes))
    work_again(MODEL.needs, own_hours(MODEL, dict.fromkeys(lost, 5.0)), hours)
    down = {name for name, number in MODEL.nodes.items() if hours[number] > 1.0}
    items = {name for name in whole().items if name in MODEL.nodes}
    shown = {each for each in down & items if each.split(":")[0] not in {"need", "fallback"}}
    assert shown == set(falls.because) & items
    modes = {each.service: each.mode for each in falls.services}
    for number, service in enumerate(MODEL.services):
        if service not in falls.because or service in modes:
            mode, _ = mode_at(MODEL.care, hours, number, 1.0)
            assert tuple(Mode)[mode] is modes.get(service, Mode.FULL), service


def test_what_is_named_and_not_on_the_map_never_falls() -> None:
    """It is told by `map check`; to count it as lost would make every service stop."""
    application = Application(id="dpi", servers=("gone", "dpi01"), servers_needed=1)
    small = HospitalMap({"application:dpi": application, "server:dpi01": Server(id="dpi01")})
    arrays = care_model(small)
    hours = np.empty(len(arrays.nodes))
    work_again(arrays.needs, own_hours(arrays, {"server:dpi01": 3.0}), hours)
    assert hours[arrays.nodes["application:dpi"]] == 0.0


def test_volumes_are_by_hour_of_the_week_and_offices_have_no_patients() -> None:
    week = Service(id="a", week=tuple(float(hour % 24) for hour in range(168)))
    day = Service(id="b", a_day=48.0)
    office = Service(id="c", a_day=48.0, sort="office")
    unsaid = Service(id="d")
    items = {reference_to(each): each for each in (week, day, office, unsaid)}
    volume = care_model(HospitalMap(items)).care.volume  # type: ignore[arg-type]
    assert volume[0][:25].tolist() == [*map(float, range(24)), 0.0]
    assert (volume[1][5], volume[2].sum(), volume[3].sum()) == (2.0, 0.0, 0.0)
