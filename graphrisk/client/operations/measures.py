"""Operations: measures.

Written by ``make docs``.
"""

from __future__ import annotations

from datetime import datetime

from graphrisk.client.calls import Call, Model, one
from graphrisk.client.operations.common import Words
from graphrisk.client.operations.inputs import MeasureOrderInput, ProposeMeasureInput
from graphrisk.client.operations.kinds import MeasureState


class CaseMeasure(Model):
    """A severe measure:.

    proposed by one person, decided by another.
    """

    id: str
    kind: str
    label: Words
    target: str
    basis: str
    state: MeasureState
    proposer: str
    proposed_at: datetime | None
    decider: str | None
    decided_at: datetime | None


def propose_measure(*, input: ProposeMeasureInput) -> Call[CaseMeasure]:
    """Propose a severe measure; another person decides it."""
    return Call("ProposeMeasure", "proposeMeasure", {"input": input}, one(CaseMeasure))


def approve_measure(*, input: MeasureOrderInput) -> Call[CaseMeasure]:
    """Approve a measure that another person proposed."""
    return Call("ApproveMeasure", "approveMeasure", {"input": input}, one(CaseMeasure))


def refuse_measure(*, input: MeasureOrderInput) -> Call[CaseMeasure]:
    """Refuse a measure that another person proposed, with a reason."""
    return Call("RefuseMeasure", "refuseMeasure", {"input": input}, one(CaseMeasure))


def withdraw_measure(*, input: MeasureOrderInput) -> Call[CaseMeasure]:
    """Give up a measure before it is carried out, with a reason."""
    return Call("WithdrawMeasure", "withdrawMeasure", {"input": input}, one(CaseMeasure))


def carry_out_measure(*, input: MeasureOrderInput) -> Call[CaseMeasure]:
    """Note that an approved measure was carried out, and by what."""
    return Call("CarryOutMeasure", "carryOutMeasure", {"input": input}, one(CaseMeasure))
