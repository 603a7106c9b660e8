from wardkeep.kernel.errors import WardkeepError
from wardkeep.ledger import errors


def test_every_error_of_a_ledger_says_what_to_do() -> None:
    found = [
        each
        for each in vars(errors).values()
        if isinstance(each, type)
        and issubclass(each, WardkeepError)
        and each is not WardkeepError
    ]
    assert len(found) >= 5
    for each in found:
        assert each.remedy != WardkeepError.remedy
        assert each("what").diagnostics().startswith("what\n")
