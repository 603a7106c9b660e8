"""Appends numbered messages for ever and prints each number once it is durable."""

import sys
from pathlib import Path

from tests.adapters.ledgers import SATURDAY, message

from wardkeep.adapters.clinical_store import ClinicalStore
from wardkeep.adapters.key_ring import load_key_ring

folder = Path(sys.argv[1])
store = ClinicalStore(folder / "clinical", load_key_ring(folder / "keys"))
number = store.last.sequence
while True:
    batch = [message(number + n, SATURDAY + number) for n in range(3)]
    store.append(batch)
    for each in batch:
        print(int(each.control[1:]), flush=True)
    number += 3
