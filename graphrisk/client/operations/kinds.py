"""Kinds, states and other words with a fixed choice.

Written by ``make docs``.
"""

from __future__ import annotations

from enum import StrEnum


class CaseState(StrEnum):
    """Where a case stands."""

    OPEN = "OPEN"
    HELD = "HELD"
    CLOSED = "CLOSED"
    MERGED = "MERGED"


class DeadlineState(StrEnum):
    """What a deadline is doing."""

    RUNNING = "RUNNING"
    SUSPENDED = "SUSPENDED"
    MET = "MET"
    MISSED = "MISSED"
    VOID = "VOID"


class Direction(StrEnum):
    """Which end of an edge is looked at from."""

    OUT = "OUT"
    IN = "IN"


class EdgeKind(StrEnum):
    """Kinds of edges."""

    ASSOCIATED_WITH = "ASSOCIATED_WITH"
    BORROWED = "BORROWED"
    CALLED = "CALLED"
    CONCERNS = "CONCERNS"
    CUSTODY_OF = "CUSTODY_OF"
    ENROLLED_AS = "ENROLLED_AS"
    GRABBED = "GRABBED"
    GRANTED = "GRANTED"
    HANDLED_BY = "HANDLED_BY"
    HOLDS = "HOLDS"
    INVESTS_IN = "INVESTS_IN"
    INVITED = "INVITED"
    JUDGED = "JUDGED"
    LEGAL_REP_OF = "LEGAL_REP_OF"
    LIVES_IN = "LIVES_IN"
    LOCATED_IN = "LOCATED_IN"
    MENTIONS = "MENTIONS"
    NAMES_CONTACT = "NAMES_CONTACT"
    OPERATES = "OPERATES"
    OWNS = "OWNS"
    OWNS_PHONE = "OWNS_PHONE"
    PART_OF = "PART_OF"
    PROMOTES = "PROMOTES"
    RAISED = "RAISED"
    REGISTERED_AT = "REGISTERED_AT"
    RENTS = "RENTS"
    REPAID = "REPAID"
    REPORTED = "REPORTED"
    RESIDES_AT = "RESIDES_AT"
    RESPONSIBLE_FOR = "RESPONSIBLE_FOR"
    REVIEWED = "REVIEWED"
    SETTLED = "SETTLED"
    STOPS = "STOPS"
    SUCCEEDED_BY = "SUCCEEDED_BY"
    TAGGED = "TAGGED"
    TRANSFERRED = "TRANSFERRED"
    USES_DEVICE = "USES_DEVICE"
    WATCHES = "WATCHES"


class Freshness(StrEnum):
    """Whether a source keeps its promise."""

    FRESH = "FRESH"
    LATE = "LATE"
    UNPROMISED = "UNPROMISED"
    NEVER = "NEVER"


class GrantState(StrEnum):
    """Where a grant stands; one that is given ends by itself when its time is over."""

    PROPOSED = "PROPOSED"
    GIVEN = "GIVEN"
    REFUSED = "REFUSED"
    WITHDRAWN = "WITHDRAWN"


class IdentityVerdict(StrEnum):
    """What is said of two records."""

    SAME = "SAME"
    DIFFERENT = "DIFFERENT"
    UNSURE = "UNSURE"
    WITHDRAWN = "WITHDRAWN"


class LookupStatus(StrEnum):
    """What became of a line of a look-up."""

    FOUND = "FOUND"
    NOT_FOUND = "NOT_FOUND"
    AMBIGUOUS = "AMBIGUOUS"
    OUTSIDE = "OUTSIDE"
    BAD_INPUT = "BAD_INPUT"


class MeasureState(StrEnum):
    """Where a measure stands."""

    PROPOSED = "PROPOSED"
    APPROVED = "APPROVED"
    REFUSED = "REFUSED"
    WITHDRAWN = "WITHDRAWN"
    CARRIED_OUT = "CARRIED_OUT"


class Nature(StrEnum):
    """How the facts of an edge behave over time."""

    EVENT = "EVENT"
    STATE = "STATE"
    AGGREGATE = "AGGREGATE"


class NodeKind(StrEnum):
    """Kinds of entities."""

    Account = "Account"
    Address = "Address"
    Area = "Area"
    Bid = "Bid"
    Case = "Case"
    Certificate = "Certificate"
    Company = "Company"
    Complaint = "Complaint"
    Contract = "Contract"
    Device = "Device"
    Facility = "Facility"
    Fund = "Fund"
    GridCell = "GridCell"
    Hold = "Hold"
    Judgment = "Judgment"
    Lead = "Lead"
    Matter = "Matter"
    Opinion = "Opinion"
    Person = "Person"
    Phone = "Phone"
    Platform = "Platform"
    PoliceReport = "PoliceReport"
    PoliceStation = "PoliceStation"
    Provider = "Provider"
    Sensor = "Sensor"
    Task = "Task"
    Vessel = "Vessel"
    Volunteer = "Volunteer"


class NoticeState(StrEnum):
    """Where a notice is."""

    WAITING = "WAITING"
    SENT = "SENT"
    DELIVERED = "DELIVERED"
    READ = "READ"
    REFUSED = "REFUSED"
    DEAD = "DEAD"


class OpeningKind(StrEnum):
    """A request of one thing, or an emergency."""

    REQUEST = "REQUEST"
    EMERGENCY = "EMERGENCY"


class OpeningState(StrEnum):
    """Where it stands; what is open ends by itself when its time is over."""

    ASKED = "ASKED"
    GRANTED = "GRANTED"
    REFUSED = "REFUSED"
    GIVEN_UP = "GIVEN_UP"
    REVOKED = "REVOKED"
    UNREVIEWED = "UNREVIEWED"
    JUSTIFIED = "JUSTIFIED"
    UNJUSTIFIED = "UNJUSTIFIED"


class QueryChange(StrEnum):
    """Whether an answer is new or another one."""

    APPEARED = "APPEARED"
    CHANGED = "CHANGED"


class SavedSubject(StrEnum):
    """Which query is asked again."""

    SEARCH = "SEARCH"
    FINDINGS = "FINDINGS"
    EVENTS = "EVENTS"


class TaskState(StrEnum):
    """Where a task stands."""

    OFFERED = "OFFERED"
    ASSIGNED = "ASSIGNED"
    SUBMITTED = "SUBMITTED"
    REWORK = "REWORK"
    DONE = "DONE"
    CANCELLED = "CANCELLED"
    EXPIRED = "EXPIRED"


class VerdictOutcome(StrEnum):
    """What a case says of its findings."""

    CONFIRMED = "CONFIRMED"
    NOT_CONFIRMED = "NOT_CONFIRMED"
    PARTLY = "PARTLY"
    UNDECIDED = "UNDECIDED"


class WebhookMessageState(StrEnum):
    """How far a message is."""

    WAITING = "WAITING"
    SENT = "SENT"
    DEAD = "DEAD"
