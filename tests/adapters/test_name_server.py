from wardkeep.adapters.name_server import Allowance


def test_a_network_that_asks_too_often_waits_and_others_do_not() -> None:
    allowance = Allowance()
    got = [allowance.take(f"10.0.0.{n % 250}", 100.0) for n in range(60)]
    assert got.count(True) == 40
    assert allowance.take("10.0.1.1", 100.0)
    assert allowance.take("fe80::1%eth0", 100.0)
    assert not allowance.take("10.0.0.9", 100.01)
    assert [allowance.take("10.0.0.9", 101.0) for _ in range(30)].count(True) == 20


def test_what_it_remembers_of_networks_has_a_limit() -> None:
    allowance = Allowance()
    for n in range(10_000):
        allowance.take(f"{n % 200}.{n // 200}.0.1", 1.0)
    assert len(allowance._left) == 4_096
