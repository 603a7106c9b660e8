from tests.hospital.map.bloodhound_sample import files, of

from wardkeep.hospital.map.bloodhound import read_collection
from wardkeep.hospital.map.bloodhound_rights import (
    Groups,
    controls_domain,
    is_controller,
    local_administrators,
    sessions,
)
from wardkeep.hospital.map.reading import Leftovers

COLLECTION = read_collection(files(), Leftovers())
MACHINES = {of(1001): "server:db1", of(1002): "workstations:pc1"}


def test_membership_goes_through_groups_and_ends_in_circles() -> None:
    assert Groups(COLLECTION).of(of(1100)) == {of(512), of(1202), of(513)}


def test_groups_that_control_a_domain_are_known_by_their_identifiers() -> None:
    assert controls_domain(of(512))
    assert controls_domain("HOSPITAL.EXAMPLE-S-1-5-32-544")
    assert not controls_domain(of(513))
    assert not controls_domain("S-1-5-32-512")


def test_administrators_and_sessions_are_of_machines_on_the_map() -> None:
    administered = local_administrators(COLLECTION, MACHINES)
    assert administered[of(512)] == ("server:db1", "workstations:pc1")
    assert administered[of(1201)] == ("workstations:pc1",)
    assert sessions(COLLECTION, MACHINES) == {
        of(1100): ("server:db1",),
        of(1101): ("workstations:pc1",),
    }
    assert [is_controller(each) for each in COLLECTION.of("computers")[:2]] == [True, False]
