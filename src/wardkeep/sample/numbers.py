"""National numbers with valid check digits, and telephone numbers that lead nowhere.

- Belgian national register number: royal decree of 3 April 1984, article 2: birth date, serial
  (odd for men, even for women), 97 minus the first nine digits modulo 97; for those born from
  2000 on a 2 is put before the nine digits.
- Luxembourg matricule: birth date, serial, then the Luhn and the Verhoeff digit, each computed
  over the first eleven digits (law of 19 June 2013 on the identification of natural persons).
"""

from __future__ import annotations

from datetime import date
from random import Random

# Multiplication in the dihedral group of order ten and the permutation that Verhoeff gave
# (J. Verhoeff, Error Detecting Decimal Codes, 1969).
_FIVE = 5
_PERMUTATION = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)
_INVERSE = (0, 4, 3, 2, 1, 5, 6, 7, 8, 9)
_NEW_RULE_FROM = 2000


def _turn(a: int, b: int) -> int:
    """Multiply two elements of the dihedral group of the pentagon."""
    if a < _FIVE:
        return (a + b) % 5 if b < _FIVE else 5 + (a + b) % 5
    return 5 + (a - b) % 5 if b < _FIVE else (a - b) % 5


def _permuted(digit: int, times: int) -> int:
    for _ in range(times % 8):
        digit = _PERMUTATION[digit]
    return digit


def verhoeff(digits: str) -> str:
    """Return the Verhoeff check digit of a string of digits."""
    check = 0
    for place, digit in enumerate(reversed(digits), start=1):
        check = _turn(check, _permuted(int(digit), place))
    return str(_INVERSE[check])


def luhn(digits: str) -> str:
    """Return the Luhn check digit (ISO/IEC 7812-1, annex B) of a string of digits."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (2 if place % 2 == 0 else 1)
        total += doubled - 9 if doubled > 9 else doubled  # noqa: PLR2004  the sum of its digits
    return str(-total % 10)


def national_register(born: date, serial: int) -> str:
    """Return the Belgian number, eleven digits; `serial` 1 to 998, odd for men."""
    nine = f"{born:%y%m%d}{serial:03d}"
    prefix = "2" if born.year >= _NEW_RULE_FROM else ""
    return f"{nine}{97 - int(prefix + nine) % 97:02d}"


def is_national_register(number: str, born: date) -> bool:
    """Tell whether eleven digits are a Belgian number of someone born on that day."""
    if len(number) != 11 or not number.isdigit() or number[:6] != f"{born:%y%m%d}":  # noqa: PLR2004
        return False
    return number == national_register(born, int(number[6:9]))


def matricule(born: date, serial: int) -> str:
    """Return the Luxembourg number, thirteen digits; `serial` 0 to 999."""
    eleven = f"{born:%Y%m%d}{serial:03d}"
    return eleven + luhn(eleven) + verhoeff(eleven)


def is_matricule(number: str, born: date) -> bool:
    """Tell whether thirteen digits are a Luxembourg number of someone born on that day."""
    if len(number) != 13 or not number.isdigit() or number[:8] != f"{born:%Y%m%d}":  # noqa: PLR2004
        return False
    return number == matricule(born, int(number[8:11]))


def landline(chance: Random) -> str:
    """Return a Belgian fixed number; subscriber numbers there never begin with 00."""
    return f"+32 63 00 {chance.randrange(100):02d} {chance.randrange(100):02d}"


def mobile(chance: Random, *, luxembourg: bool = False) -> str:
    """Return a mobile number from a block beginning with 00, which no one is given."""
    low = chance.randrange(10_000)
    if luxembourg:
        return f"+352 621 00 {low // 100:02d} {low % 100:02d}"
    return f"+32 499 00 {low // 100:02d} {low % 100:02d}"
