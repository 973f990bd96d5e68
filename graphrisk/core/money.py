"""Money as integer fen (1 yuan = 100 fen)."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from graphrisk.core.errors import BadInput


def fen_from_yuan(text: str) -> int:
    """Exact fen of a decimal amount in yuan; ``BadInput`` for fractions of a fen or no number.

    >>> fen_from_yuan("1,234.5")
    123450
    """
    try:
        value = Decimal(text.strip().replace(",", "").removeprefix("¥")) * 100
    except InvalidOperation:
        raise BadInput(f"not an amount in yuan: {text!r}") from None
    if not value.is_finite() or value != value.to_integral_value():
        raise BadInput(f"not a whole number of fen: {text!r}")
    return int(value)


def yuan(fen: int) -> str:
    """Readable amount in yuan.

    >>> yuan(123450)
    '1,234.50'
    """
    sign = "-" if fen < 0 else ""
    whole, part = divmod(abs(fen), 100)
    return f"{sign}{whole:,}.{part:02d}"
