"""Why somebody reads: the vocabulary of purposes, and how a stated one is checked."""

from __future__ import annotations

import re
from types import MappingProxyType

from graphrisk.access.model import Principal, Purpose
from graphrisk.core.errors import BadInput, Forbidden

#: Code → what it means, zh and en.
PURPOSES = MappingProxyType(
    {
        "investigation": ("调查", "somebody looks into a person, an account or a ring"),
        "screening": ("筛查", "an application asks for scores before it acts"),
        "evaluation": ("评估", "findings are compared with what is known"),
        "operation": ("运维", "the deployment is looked after"),
        "detection": ("检测", "a run reads the graph to find rings"),
        "export": ("导出", "the graph is written to files"),
    }
)
#: Stated by nobody: what a deployment without sign-on takes a person at the machine to do.
DEVELOPMENT_PURPOSE = "investigation"
#: ASCII, because a header carries nothing else; other characters percent-encoded.
CASE_PATTERN = r"^([0-9A-Za-z%][0-9A-Za-z%._/-]{0,127})?$"
PURPOSE_PATTERN = rf"^({'|'.join(PURPOSES)})?$"


def purpose_of(code: str | None, case: str | None) -> Purpose:
    """The purpose somebody states; ``BadInput`` for an unknown code or a case that is no number.

    >>> purpose_of("investigation", "A-2026-17")
    Purpose(code='investigation', case='A-2026-17')
    """
    stated = code or DEVELOPMENT_PURPOSE
    if stated not in PURPOSES:
        raise BadInput(f"purpose is one of {', '.join(PURPOSES)}")
    if case and not re.fullmatch(CASE_PATTERN, case):
        raise BadInput("a case number has at most 128 of the characters A-Z a-z 0-9 . _ / - %")
    return Purpose(stated, case or None)


def stated_by(principal: Principal, code: str | None, case: str | None) -> Purpose:
    """The purpose that a principal states; one who has a single purpose need not.

    ``BadInput`` as for ``purpose_of``, ``Forbidden`` for a purpose that is not among his.
    """
    allowed = principal.purposes
    if not code and allowed is not None and len(allowed) == 1:
        (code,) = allowed
    purpose = purpose_of(code, case)
    if allowed is not None and purpose.code not in allowed:
        raise Forbidden(f"{principal.name} may not ask for {purpose.code}: X-Purpose says for what")
    return purpose
