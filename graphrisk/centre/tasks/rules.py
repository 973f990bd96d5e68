"""What a task must be, who may have it, and what proves it: pure decisions."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final, cast

import yaml

from graphrisk.access.model import Principal, Scope
from graphrisk.centre.deadlines.model import Term
from graphrisk.centre.tasks.model import NewTask, Proof, ProofKind, TaskKind
from graphrisk.core.calendar import read_span
from graphrisk.core.errors import BadInput
from graphrisk.core.ledger import Award, Entry, Posting
from graphrisk.core.machine import Machine
from graphrisk.core.machine_table import shipped_machine

#: A UUID as phones make them: no other form, so that an id never carries something else.
UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
AREA: Final = re.compile(r"\d{2}(\d{2}){0,2}|\d{9}|\d{12}[0-9A-Za-z-]{0,20}", re.ASCII)
_SHA256: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)
_MEDIA_TYPE: Final = re.compile(r"(image|video|audio|application)/[a-z0-9.+-]{1,60}", re.ASCII)
LONGEST_TITLE, LONGEST_TEXT, LONGEST_NAME = 200, 4_000, 200
MOST_FILES, LARGEST_FILE = 20, 200 * 2**20
#: Tasks of one package: more are several orders.
MOST_TASKS = 1_000
OFFERED_TO: Final = ("grid_worker", "volunteer", "investigator", "duty_officer")
POINTS_BOOK, POINTS_POOL = "points", "pool:points"


@cache
def machine() -> Machine:
    """The states of a task and the ways between them (``task.yaml``)."""
    return shipped_machine("graphrisk.centre.tasks", "task")


#: What is to be done by when, beside the kind's own term: the proof of a task is looked at.
CHECKING: Final = Term(
    "checking", "核验", "Checking", read_span("1 working day"), read_span("1 working day")
)


def term_of(kind: TaskKind, name: str) -> Term:
    """The term of a deadline that a step starts (``task.yaml``)."""
    return CHECKING if name == CHECKING.name else Term(name, "办理", "Doing", kind.term, kind.pause)


@cache
def kinds() -> Mapping[str, TaskKind]:
    """The kinds of tasks of this release by name (``kinds.yaml``)."""
    text = files("graphrisk.centre.tasks").joinpath("kinds.yaml").read_text(encoding="utf-8")
    said = cast("dict[str, dict[str, Any]]", yaml.safe_load(text))
    return MappingProxyType({name: _kind(name, one) for name, one in said.items()})


def check_new(task: NewTask) -> TaskKind:
    """The kind of a task to be made; ``BadInput`` says why it cannot be."""
    if not UUID.fullmatch(task.task_id):
        raise BadInput("the id of a task is a UUID in lower case, made by who asks for it")
    if task.kind not in kinds():
        raise BadInput(f"the kind of a task is one of {', '.join(kinds())}")
    if not AREA.fullmatch(task.area):
        raise BadInput("the area of a task is the code of a division or grid cell")
    if not task.title.strip() or len(task.title) > LONGEST_TITLE:
        raise BadInput(f"a task has a title of at most {LONGEST_TITLE} signs")
    if len(task.instructions) > LONGEST_TEXT:
        raise BadInput(f"instructions have at most {LONGEST_TEXT:,} signs")
    if (task.offered_to is None) == (task.assignee is None):
        raise BadInput("a task is either offered to a role or assigned to somebody")
    if task.offered_to is not None and task.offered_to not in OFFERED_TO:
        raise BadInput(f"tasks are offered to {', '.join(OFFERED_TO)}")
    if task.expires_at is not None and task.offered_to is None:
        raise BadInput("only an offer lapses")
    for name in (task.assignee, task.case_id):
        if name is not None:
            check_name(name)
    return kinds()[task.kind]


def check_name(name: str) -> None:
    """``BadInput`` when somebody or something is named by nothing, or by a whole story."""
    if not name.strip() or len(name) > LONGEST_NAME:
        raise BadInput(f"a name has 1 to {LONGEST_NAME} signs")


def check_step(step_id: str) -> None:
    """``BadInput`` when the id of a step is not one that a device makes."""
    if not UUID.fullmatch(step_id):
        raise BadInput("the id of a step is a UUID in lower case, made by who takes it")


def check_proof(kind: TaskKind, proof: Proof) -> None:
    """``BadInput`` when the proof lacks what the kind asks for, or holds what cannot be."""
    if len(proof.text) > LONGEST_TEXT:
        raise BadInput(f"a proof has at most {LONGEST_TEXT:,} signs")
    if len(proof.files) > MOST_FILES:
        raise BadInput(f"a proof has at most {MOST_FILES} files")
    for one in proof.files:
        if not _SHA256.fullmatch(one.sha256) or not _MEDIA_TYPE.fullmatch(one.media_type):
            raise BadInput("a file is named by its SHA-256 in hex and its media type")
        if not 0 < one.size <= LARGEST_FILE:
            raise BadInput("a file is not empty and has at most 200 MiB")
    if proof.position is not None and not (
        abs(proof.position.lon_e7) <= 180 * 10**7 and abs(proof.position.lat_e7) <= 90 * 10**7
    ):
        raise BadInput("there is no such place on earth")
    there = {
        ProofKind.TEXT: bool(proof.text.strip()),
        ProofKind.FILE: bool(proof.files),
        ProofKind.POSITION: proof.position is not None,
    }
    missing = [one.value for one in ProofKind if one in kind.proof and not there[one]]
    if missing:
        raise BadInput(f"a task of the kind {kind.name} is proven with {', '.join(missing)}")


def place_of(scope: Scope, area: str) -> str:
    """Where somebody's right to a task is asked for: at the task, or where he works within it.

    A task of a village concerns the grid workers of all its cells.

    >>> place_of(Scope(("350203001001G7",)), "350203001001")
    '350203001001G7'
    >>> place_of(Scope(("3502",)), "350203001001"), place_of(Scope(("3505",)), "350203001001")
    ('350203001001', '350203001001')
    """
    return next((own for own in scope.areas if own.startswith(area)), area)


def is_offered_to(principal: Principal, role: str | None, area: str) -> bool:
    """Whether somebody belongs to those whom a task in an area is offered to."""
    return role is not None and any(
        role in post.roles and post.scope.covers(place_of(post.scope, area))
        for post in principal.held
    )


def award(task_id: str, kind: TaskKind, doer: str, verifier: str, at: int) -> Entry | None:
    """What a verified task earns its doer; ``None`` when its kind earns nothing."""
    if not kind.points:
        return None
    postings = (Posting(POINTS_POOL, -kind.points), Posting(account_of(doer), kind.points))
    given = Award(kind.rule, task_id, doer)
    return Entry(f"{kind.rule}:{task_id}", postings, verifier, "task verified", at, given)


def account_of(person: str) -> str:
    """The account of somebody's points."""
    return f"person:{person}"


def digest(said: object) -> str:
    """What tells the same request from another one of the same id: SHA-256 of its JSON."""
    text = json.dumps(said, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def digest_of(task: NewTask) -> str:
    """The digest of what a task was made from."""
    return digest(asdict(task))


def _kind(name: str, said: Mapping[str, Any]) -> TaskKind:
    return TaskKind(
        name=name,
        zh=said["zh"],
        en=said["en"],
        term=read_span(said["term"]),
        pause=read_span(said["pause"]),
        proof=frozenset(ProofKind(one) for one in said["proof"]),
        rule=said["rule"],
        points=said["points"],
    )
