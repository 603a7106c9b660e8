import msgspec
import pytest
from tests.pack.handmade import order, said

from wardkeep.chart.model import Coded
from wardkeep.pack.high_risk import risk_of


@pytest.mark.parametrize(
    ("code", "text", "risk"),
    [
        ("A10AB05", "Novorapid", "INSULIN"),
        ("B01AF02", "Apixaban", "ANTICOAGULANT"),
        ("B01AC06", "Acide acétylsalicylique", ""),
        ("", "HÉPARINE", "ANTICOAGULANT"),
        ("", "Morfine", "OPIOID"),
        ("N02AA01", "", "OPIOID"),
        ("", "chlorure de potassium 20 mmol", "POTASSIUM"),
        ("", "losartan potassium", ""),
        ("L04AX03", "Méthotrexate", "METHOTREXATE"),
        ("N02BE01", "paracétamol", ""),
    ],
)
def test_a_high_risk_drug_is_known_by_its_code_or_its_name(
    code: str, text: str, risk: str
) -> None:
    drug = said(Coded(code, text))
    assert risk_of(msgspec.structs.replace(order("1", "x"), drug=drug)) == risk
