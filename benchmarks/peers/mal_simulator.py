"""mal-simulator spreading the worm of `epidemics.py`: one replica, timed.

    python -m venv V; V/bin/pip install mal-simulator==3.3.0
    cd EMPTY_FOLDER; mkdir logs; V/bin/python .../mal_simulator.py EDGES.npy HOSTS

Its delays belong to steps and not to edges, so each contact is an asset of its own, one each
way, with an exponential delay of mean 1; the attacker tries all that can be tried, until
nothing is left. Tells processor seconds of building, of resetting (which draws the delays) and
of running, and hosts taken. Needs the folder `logs`, into which it writes when it is imported.
"""

from __future__ import annotations

import importlib
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

LANGUAGE = """#id: "net"
#version: "1.0.0"

category System {
  asset Host {
    | taken
      -> outs.passed
  }
  asset Contact {
    | passed [Exponential(1.0)]
      -> target.taken
  }
}

associations {
  Host [source] 1 <-- Out --> * [outs] Contact
  Host [target] 1 <-- In --> * [ins] Contact
}
"""
MOST_STEPS = 200


def graph_of(edges: Any, hosts: int) -> Any:
    path = Path("net.mal")
    path.write_text(LANGUAGE)
    language = importlib.import_module("maltoolbox.language").LanguageGraph.load_from_file(
        str(path)
    )
    model = importlib.import_module("maltoolbox.model").Model("net", language)
    assets = [model.add_asset("Host", f"h{number}") for number in range(hosts)]
    both = [*edges.T.tolist(), *edges[::-1].T.tolist()]
    for number, (one, other) in enumerate(both):
        contact = model.add_asset("Contact", f"c{number}")
        contact.add_associated_assets("source", {assets[one]})
        contact.add_associated_assets("target", {assets[other]})
    return importlib.import_module("maltoolbox.attackgraph").AttackGraph(language, model)


def main() -> None:
    edges, hosts = np.load(sys.argv[1]), int(sys.argv[2])
    graph = graph_of(edges, hosts)
    malsim = importlib.import_module("malsim")
    modes = importlib.import_module("malsim.config.sim_settings").TTCMode
    begun = time.process_time()
    settings = malsim.MalSimulatorSettings(ttc_mode=modes.PRE_SAMPLE, seed=1)
    simulator = malsim.MalSimulator(
        graph, [malsim.AttackerSettings("a", {"h0:taken"})], settings
    )
    built, begun = time.process_time() - begun, time.process_time()
    states = simulator.reset()
    drawn, begun = time.process_time() - begun, time.process_time()
    for _ in range(MOST_STEPS):
        tried = list(states["a"].action_surface)
        if not tried:
            break
        states = simulator.step({"a": tried})
    ran = time.process_time() - begun
    taken = sum(each.name == "taken" for each in states["a"].performed_nodes)
    print(f"built {built:.2f} s, reset {drawn:.2f} s, ran {ran:.2f} s, {taken} hosts taken")


if __name__ == "__main__":
    main()
