"""Check digits of the numbers that name a person, and of the credit codes that look like them."""

from __future__ import annotations

from datetime import date

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CREDIT = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_BLOCKS = (
    (11, 15),
    (21, 23),
    (31, 37),
    (41, 46),
    (50, 54),
    (61, 65),
    (71, 71),
    (81, 83),
)  # GB/T 2260; 81 and on: permits
_PROVINCES = frozenset(str(code) for first, last in _BLOCKS for code in range(first, last + 1))


def id_check(number: str) -> bool:
    """Whether the check character of an 18-digit identity number is right (GB 11643-1999, ISO 7064 MOD 11-2)."""
    return "10X98765432"[sum(int(d) * w for d, w in zip(number[:17], _WEIGHTS, strict=True)) % 11] == number[17]


def born(number: str) -> int:
    """The year of birth in an 18- or 15-digit identity number; 0 when there is no such day."""
    day = number[6:14] if len(number) == 18 else "19" + number[6:12]
    try:
        year = date(int(day[:4]), int(day[4:6]), int(day[6:])).year
    except ValueError:
        return 0
    return year if 1900 <= year <= 2030 else 0


def id_plausible(number: str) -> bool:
    """Whether province and birth date of an 18- or 15-digit identity number can be.

    Residence permits count as such: 81 to 83 for Hong Kong, Macao and Taiwan, 9 for foreigners (18 digits, GA/T 704). A
    number with 9 must have the right check digit, for credit codes begin so too.
    """
    if number[0] == "9":
        return len(number) == 18 and number[1:3] in _PROVINCES and bool(born(number)) and id_check(number)
    return number[:2] in _PROVINCES and bool(born(number))


def luhn(number: str) -> bool:
    """Whether the check digit of a bank card number is right (ISO/IEC 7812-1)."""
    doubled = [int(d) * (1 + place % 2) for place, d in enumerate(reversed(number))]
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


def credit_check(code: str) -> bool:
    """Whether the check character of a unified social credit code is right (GB 32100-2015)."""
    if len(code) != 18 or any(char not in _CREDIT for char in code):
        return False
    total = sum(_CREDIT.index(char) * pow(3, place, 31) for place, char in enumerate(code[:17]))
    return _CREDIT[(31 - total % 31) % 31] == code[17]
