"""Identity numbers of citizens (GB 11643-1999): one form, a check sign, the parts they are made of.

Six digits of the area of first registration, eight of the day of birth, three in order, a check
sign (ISO 7064 MOD 11-2). Numbers given out before 1999 have two digits of the year and no check.
"""

from __future__ import annotations

from datetime import date

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_SIGNS = "10X98765432"
_OLD = 15


def check_sign(body: str) -> str:
    """The last sign of a number whose other seventeen digits are given.

    >>> check_sign("11010519491231002")
    'X'
    """
    total = sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True))
    return _SIGNS[total % len(_SIGNS)]


def modern(number: str) -> str:
    """A number of 15 digits or 18 signs in its form of 18: the old ones were born in 19...

    >>> modern("110105491231002")
    '11010519491231002X'
    """
    if len(number) != _OLD:
        return number
    body = f"{number[:6]}19{number[6:]}"
    return body + check_sign(body)


def is_sound(number: str) -> bool:
    """False when a number of 18 signs was surely mistyped: its check sign or its day is wrong.

    >>> is_sound("11010519491231002X"), is_sound("110105194912310021")
    (True, False)
    """
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    return check_sign(number[:17]) == number[17]


def halves(number: str) -> tuple[str, str]:
    """What is left of 18 signs without the area, and without the day of birth.

    A number mistyped in one of the two still agrees in the other; each half alone names about as
    few people as the whole. Area and day together are left out: twins have both.

    >>> halves("11010519491231002X")
    ('19491231002', '110105002')
    """
    return number[6:17], number[:6] + number[14:17]
