"""The messages that intake and parsing are measured with: five kinds, about 1 kB, ORU 4 kB."""

from __future__ import annotations

MIX = ("ADT",) * 6 + ("RDE",) * 2 + ("RAS",) * 3 + ("ORU",) * 2 + ("SIU",)
CONTROL = b"@CONTROL@"
_PID = (
    "PID|1||204711^^^GHQV^MR~85010112345^^^RRN^NNBEL||Lefèvre^Zoé^Marie^^Mme||19510307|F|||"
    "Rue de l'Hôpital 12^^Libramont^^6800^BE~Am Brill 3^^Käerjeng^^4711^LU||"
    "+32 61 23 45 67^PRN^PH~+352 621 12 34 56^PRN^CP|||F|S||V204711"
)
_PV1 = (
    "PV1|1|I|CARD^12^2^GHQV|U|||1234^Dumont^Paul^^^Dr|5678^Wéry^Ann^^^Dr||CAR||||7|||1234^Dumont"
    "^Paul|IN|V204711^^^GHQV^VN" + "|" * 25 + "20260516080000"
)
_BODIES: dict[str, tuple[str, list[str]]] = {
    "ADT": (
        "ADT^A01^ADT_A01",
        [
            "EVN|A01|20260523051500|||1234^Agent^Anne|20260523051000",
            _PID,
            "NK1|1|Lefèvre^Luc|SPO^Époux^HL70063||+32 499 12 34 56",
            _PV1,
            "OBX|1|CE|CODESTATUS^Statut^L||DNR^Ne pas réanimer \\T\\ soins^L||||||F|||20260522",
            "AL1|1|DA|7980^Pénicilline^RXNORM|SV|Urticaire~Oedème de Quincke|20190412",
            "AL1|2|FA|762952008^Arachide^SCT|MO|Prurit \\F\\ rougeur",
            "DG1|1|I10|I50.0^Insuffisance cardiaque^I10||20260516|A",
            "DG1|2|I10|E11.9^Diabète de type 2^I10||20190101|A",
        ],
    ),
    "RDE": (
        "RDE^O11^RDE_O11",
        [
            _PID,
            _PV1,
            "AL1|1|DA|7980^Pénicilline^RXNORM|SV|Urticaire",
            "ORC|NW|77120^CPOE|88120^PHARM||IP||||20260523050500|||1234^Dumont^Paul^^^Dr",
            "RXE||A10BA02^Metformine 850 mg^ATC|1||cp^comprimé|CP^comprimé|^Repas\\.br\\matin",
            "NTE|1||À prendre au milieu du repas, avec un verre d'eau",
            "TQ1|1|1^cp|BID^^^^0800~1800|||10^D|20260523080000|20260602080000||Si tolérée",
            "RXR|PO^per os^HL70162",
            "RXC|B|A10BA02^Metformine^ATC|850|mg^milligramme",
        ],
    ),
    "RAS": (
        "RAS^O17^RAS_O17",
        [
            _PID,
            _PV1,
            "ORC|RE|77120^CPOE|88120^PHARM||IP||||20260523080300",
            (
                "RXA|0|3|20260523080300|20260523080300|A10BA02^Metformine^ATC|1|cp^comprimé||"
                "^Pris au petit-déjeuner|4321^Infirmière^Julie||||||||||CP|A"
            ),
            "RXR|PO^per os^HL70162",
        ],
    ),
    "ORU": (
        "ORU^R01^ORU_R01",
        [
            _PID,
            _PV1,
            "ORC|RE|55110^CPOE|L20110^LAB",
            "OBR|1|55110^CPOE|L20110^LAB|CHEM^Chimie^L|||20260523060000"
            + "|" * 15
            + "20260523071500|||F",
            *(
                f"OBX|{n}|NM|{2800 + n}-{n % 10}^Analyse no {n} du sérum^LN^A{n}^Essai {n}^L"
                f"||{4.1 + n / 10:.1f}|mmol/L^millimole par litre|3.5-5.1|{'HN'[n % 4 == 0]}"
                "|||F|||20260523060000||TECH^Biologiste"
                for n in range(1, 31)
            ),
            "NTE|1|L|Échantillon légèrement hémolysé",
            "SPM|1|55110^L20110||SER^Sérum^HL70487",
        ],
    ),
    "SIU": (
        "SIU^S12^SIU_S12",
        [
            (
                "SCH|A4711^BOOK|B4711^BOOK|||||CONS^Consultation de contrôle^L|||15^M|MIN|"
                "^^^20260601090000^20260601091500"
            ),
            _PID,
            "RGS|1",
            "AIS|1||CAR^Cardiologie^L|20260601090000|||15|M",
            "AIL|1||POLI^12^^GHQV",
            "AIP|1||1234^Dumont^Paul^^^Dr",
            "NTE|1||Apporter les résultats antérieurs",
        ],
    ),
}


def message(kind: str) -> bytes:
    """Return a message of ADT, RDE, RAS, ORU or SIU, Latin-1, with CONTROL as its MSH-10."""
    trigger, lines = _BODIES[kind]
    header = (
        f"MSH|^~\\&|SENDER|GHQV|WARDKEEP|GHQV|20260523051500||{trigger}|{CONTROL.decode()}|P|2.5.1"
        "||||||8859/1"
    )
    return "".join(f"{line}\r" for line in (header, *lines)).encode("latin-1")
