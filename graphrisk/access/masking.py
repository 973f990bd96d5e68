"""What a principal sees of a value (S8): masked unless role, scope and purpose allow."""

from __future__ import annotations

from graphrisk.access.model import Principal, Purpose
from graphrisk.access.rights import for_purpose, may_everywhere
from graphrisk_schema.model import Sensitivity

_SHOWN = 2


def may_see(sensitivity: Sensitivity, principal: Principal, purpose: Purpose) -> bool:
    """Whether values of this class are shown in clear.

    Open and internal ones are. Personal ones are to whom the policy shows them for this purpose, if
    he names the case he works on; who has several posts needs the right in each, for a value does
    not say where it lies. Secret ones (identity numbers) never are.
    """
    if sensitivity in (Sensitivity.OPEN, Sensitivity.INTERNAL):
        return True
    if sensitivity is Sensitivity.PERSONAL:
        asker = for_purpose(principal, purpose)
        return purpose.case is not None and may_everywhere(asker, "personal.clear")
    return False


def mask(value: str) -> str:
    """Enough to find a value again, too little to tell it.

    >>> mask("13800138000")
    '13*******00'
    >>> mask("张小伟")
    '张**'
    """
    short = value if len(value) <= 40 else value[:37] + "..."
    if len(short) <= 2 * _SHOWN:
        return short[:1] + "*" * (len(short) - 1) if len(short) > 1 else "*"
    return short[:_SHOWN] + "*" * (len(short) - 2 * _SHOWN) + short[-_SHOWN:]
