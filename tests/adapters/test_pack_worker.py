from concurrent.futures import wait

import msgspec
import pytest
from tests.pack.handmade import hostile, patient, ward_data

from wardkeep.adapters.errors import TypesettingError
from wardkeep.adapters.pack_worker import PackWorkers, build


def test_workers_make_what_this_process_would_make_byte_for_byte() -> None:
    data = msgspec.msgpack.encode(ward_data(patient("1"), hostile()))
    workers = PackWorkers(2)
    made = [workers.submit(data, "nl") for _ in range(3)]
    wait(made)
    workers.close()
    assert {each.result().pdf for each in made} == {build(data, "nl").pdf}


def test_a_worker_that_was_killed_fails_its_pack_and_the_next_one_is_made() -> None:
    workers = PackWorkers(1)
    job = workers.submit(msgspec.msgpack.encode(ward_data(patient("1"))), "fr")
    while workers._workers[0]._process is None and not job.done():
        pass
    process = workers._workers[0]._process
    if process is not None:
        process.kill()
        with pytest.raises(TypesettingError, match="ended"):
            job.result()
    again = workers.submit(msgspec.msgpack.encode(ward_data(patient("1"))), "fr")
    assert again.result().pages == 3
    workers.close()
