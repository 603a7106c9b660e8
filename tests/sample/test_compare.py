from wardkeep.sample.compare import Difference, differences
from wardkeep.sample.hospital import Hospital
from wardkeep.sample.house import TINY


def some_chart() -> dict[str, object]:
    hospital = Hospital(1, 1_653_364_800_000_000, TINY)
    list(hospital.first_fill())
    return hospital.true_chart(hospital.traps["same_name"].records[0])


def test_equal_charts_do_not_differ() -> None:
    assert differences(some_chart(), some_chart()) == []


def test_a_changed_value_is_named_with_its_place() -> None:
    product = some_chart()
    encounters = product["encounters"]
    assert isinstance(encounters, list)
    encounters[0]["location"]["bed"] = "Z"
    found = differences(some_chart(), product)
    assert [one.path for one in found] == ["/encounters[0]/location/bed"]
    assert found[0].product == "Z"


def test_a_lost_and_an_invented_thing_are_named() -> None:
    truth = {"doses": [{"dose": "a"}, {"dose": "b"}], "flags": []}
    product = {"doses": [{"dose": "a"}], "flags": [{"kind": "x"}]}
    assert differences(truth, product) == [
        Difference("/doses[1]", {"dose": "b"}, None),
        Difference("/flags[0]", None, {"kind": "x"}),
    ]


def test_a_field_that_only_the_product_has_is_named() -> None:
    assert differences({}, {"diet": "Sans sel"}) == [Difference("/diet", None, "Sans sel")]


def test_a_patient_the_product_does_not_know_is_a_difference() -> None:
    assert differences({"record": "1"}, None) == [Difference("", {"record": "1"}, None)]
