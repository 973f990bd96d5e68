"""Every mutation, tried by every role, at every level, at every place (matrix.yaml)."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator, Sequence
from itertools import product
from pathlib import Path
from string import Template
from typing import Any

import pytest
import yaml

from graphrisk.access.model import Scope
from graphrisk.access.rights import ROLES
from graphrisk.centre.notices import records
from graphrisk.store.operations.database import Database
from tests.access.queries import SCHEMA
from tests.access.test_matrix import PLACES, _code, _matrix
from tests.api.districts import HULI, SIMING, build_districts
from tests.api.serving import NOW, Door, opened_door
from tests.api.test_rules import TEXT
from tests.api.town import ACCOUNTS, GONE, LAUNDERING, SCAM
from tests.effort import LONG
from tests.principals import headers

SAMPLES = Path(__file__).parent / "mutations.yaml"
REFUSED = {"FORBIDDEN", "NOT_FOUND"}
STUB = """query ($id: ID!) { entity(id: $id) { neighbours(edgeKind: TRANSFERRED) {
  edges { node { id redacted } } } } }"""


def _samples() -> dict[str, Any]:
    return dict(yaml.safe_load(SAMPLES.read_text(encoding="utf-8")))


class Things:
    """What mutations are about, made when it is asked for: all of it lies in SIMING."""

    def __init__(self, door: Door) -> None:
        self.door = door
        self.li = headers(door.town.settings, roles=["investigator"], areas=["350206"], name="li")
        self.stub, self._found = self._stub(), ""

    def fill(self, text: str) -> str:
        """The text with the names of fresh things in it."""
        made = {name: THINGS[name](self) for name in THINGS if f"${name}" in text}
        if "$RULE" in text:
            made |= self.rule()
        return Template(text).substitute(made, UUID=uuid.uuid4(), CELL=SIMING)

    def made(self, text: str, who: dict[str, str] | None = None) -> Any:
        """What a mutation makes; the development principal's unless somebody else is named."""
        text = text.replace("UUID", str(uuid.uuid4())).replace("CELL", SIMING)
        data = self.door.data(f"mutation {{ {text} }}", None, who)
        return next(iter(data.values()))

    def case(self, area: str = SIMING, who: dict[str, str] | None = None) -> Any:
        about = f'{{id: "UUID", title: "x", area: "{area}", matter: "M1"}}'
        return self.made(f"openCase(input: {about}) {{ id number }}", who)

    def found(self) -> str:
        """The one case on findings: each is in one case at most. Its matter stays with it."""
        if not self._found:
            about = 'id: "UUID", title: "x", area: "CELL", matter: "M1"'
            about += f', findingIds: ["{LAUNDERING}", "{SCAM}"]'
            self._found = str(self.made(f"openCase(input: {{{about}}}) {{ id }}")["id"])
        return self._found

    def measure(self) -> str:
        case = self.case()["id"]
        self.made(f'takeCase(input: {{caseId: "{case}"}}) {{ id }}')
        about = f'{{id: "UUID", caseId: "{case}", kind: "freeze", target: "x", reason: "x"}}'
        return str(self.made(f"proposeMeasure(input: {about}) {{ id }}")["id"])

    def task(self, to: str = 'offeredTo: "grid_worker"') -> str:
        about = f'{{id: "UUID", kind: "visit", title: "x", area: "CELL", {to}}}'
        return str(self.made(f"createTask(input: {about}) {{ task {{ id }} }}")["task"]["id"])

    def shown(self) -> str:
        """A task whose proof waits to be looked at."""
        task, settings = self.task('assignee: "anna"'), self.door.town.settings
        anna = headers(settings, roles=["grid_worker"], areas=[SIMING], name="anna")
        about = f'{{task: "{task}", step: "UUID", text: "x"}}'
        self.made(f"submitProof(input: {about}) {{ changed }}", anna)
        return task

    def key(self) -> str:
        about = '{name: "x", areas: ["CELL"], purposes: ["screening"], expiresAt: "UNTIL"}'
        about = about.replace("UNTIL", "2026-03-01T00:00:00Z")
        return str(self.made(f"issueKey(input: {about}) {{ key {{ id }} }}")["key"]["id"])

    def principal(self) -> str:
        about = '{name: "UUID", area: "CELL"}'
        return str(self.made(f"addPrincipal(input: {about}) {{ name }}")["name"])

    def grant(self, role: str = "grid_worker") -> str:
        about = (
            f'{{principal: "{self.principal()}", roles: ["{role}"], areas: ["CELL"], '
            'until: "2026-03-01T00:00:00Z", reason: "x"}'
        )
        return str(self.made(f"grantRights(input: {about}) {{ id }}")["id"])

    def notice(self) -> str:
        database, notice = Database(self.door.town.settings.operations_url), str(uuid.uuid4())
        with database.session() as session:
            values = {"text": "x"}
            records.tell(session, notice, "message", "person:anna", values, SIMING, NOW)
        database.dispose()
        return notice

    def emergency(self) -> str:
        case = self.case(HULI, self.li)["number"]
        about = f'{{id: "UUID", case: "{case}", reason: "x", areas: ["CELL"], minutes: 5}}'
        return str(self.made(f"breakGlass(input: {about}) {{ id }}", self.li)["id"])

    def request(self) -> str:
        case = self.case(HULI, self.li)["number"]
        about = f'{{id: "UUID", stub: "{self.stub}", case: "{case}", reason: "x"}}'
        return str(self.made(f"requestAccess(input: {about}) {{ id }}", self.li)["id"])

    def rule(self) -> dict[str, str]:
        text = json.dumps(TEXT.replace("long_call", f"rule_{uuid.uuid4().hex[:8]}"))
        rule = self.made(f'submitRule(input: {{text: {text}, reason: "x"}}) {{ id version }}')
        return {"RULE": rule["id"], "VERSION": rule["version"]}

    def _stub(self) -> str:
        asked = {"id": self.door.id_of("Account", ACCOUNTS["P1"])}
        edges = self.door.data(STUB, asked, self.li)["entity"]["neighbours"]["edges"]
        return next(str(one["node"]["id"]) for one in edges if one["node"]["redacted"])


THINGS: dict[str, Callable[[Things], str]] = {
    "CASE": lambda made: str(made.case()["id"]),
    "SECOND": lambda made: str(made.case()["id"]),
    "NUMBER": lambda made: str(made.case()["number"]),
    "TASK": Things.task,
    "ASSIGNED": lambda made: made.task('assignee: "anna"'),
    "SHOWN": Things.shown,
    "MEASURE": Things.measure,
    "KEY": Things.key,
    "NOTICE": Things.notice,
    "PRINCIPAL": Things.principal,
    "GRANT": Things.grant,
    "PROPOSED": lambda made: made.grant("auditor"),
    "REQUEST": Things.request,
    "EMERGENCY": Things.emergency,
    "FOUND": Things.found,
    "DETACHED": lambda _made: LAUNDERING,
    "SPLIT": lambda _made: SCAM,
    "ATTACHED": lambda _made: GONE,
    "TEXT": lambda _made: json.dumps(TEXT.replace("long_call", f"r{uuid.uuid4().hex[:8]}")),
    "ONE": lambda made: made.door.id_of("Person", "P2"),
    "OTHER": lambda made: made.door.id_of("Person", "P3"),
    "WATCH": lambda made: str(
        made.made('beginWatchList(input: {name: "x", expiresAt: "2026-03-01T00:00:00Z"}) { id }')[
            "id"
        ]
    ),
    "WEBHOOK": lambda made: str(
        made.made(
            'registerWebhook(input: {url: "https://example.org/", '
            'expiresAt: "2026-03-01T00:00:00Z"}) { webhook { id } }'
        )["webhook"]["id"]
    ),
    "QUERY": lambda made: str(
        made.made('saveQuery(input: {name: "x", subject: FINDINGS}) { id }')["id"]
    ),
}


def _people(name: str) -> list[tuple[tuple[str, ...], str]]:
    """Roles and areas that try a mutation; in the long form each role at each place.

    Else all roles together beside the place, all that may not at once, one that may, and that one
    below the level from which it may.
    """
    if LONG:
        return [((role,), area) for role, area in product(ROLES, PLACES)]
    allowed, level = _named(name)
    people = [(ROLES, "350206"), (tuple(set(ROLES) - set(allowed)), "35"), (allowed[:1], "35")]
    if level < Scope((SIMING,)).level:
        people.append((allowed[:1], SIMING))
    return people


def _named(name: str) -> tuple[tuple[str, ...], int]:
    """The roles that may, and the lowest level from which."""
    row, who = _matrix()["asked"]["Mutation"][name], _samples()[name].get("who")
    roles, level = (ROLES, 5) if row == "everyone" else (tuple(row["roles"]), int(row["level"]))
    return tuple(role for role in roles if who is None or role in who), level


def _may(name: str, roles: Sequence[str], area: str) -> bool:
    allowed, level = _named(name)
    of = _samples()[name]["of"]
    if of == "own" or (of == "place" and not PLACES[area]):
        return False
    return bool(set(roles) & set(allowed)) and Scope((area,)).level <= level


@pytest.fixture(scope="module")
def things(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Things]:
    with opened_door(build_districts(tmp_path_factory.mktemp("mutations"))) as door:
        yield Things(door)


def test_every_mutation_has_a_sample() -> None:
    root = SCHEMA.mutation_type
    assert root is not None
    assert sorted(_samples()) == sorted(root.fields), "add a line to tests/access/mutations.yaml"


@pytest.mark.parametrize("name", _samples())
def test_a_mutation_is_for_those_the_matrix_names(things: Things, name: str) -> None:
    sample = _samples()[name]
    tell = f" {{ {sample['tell']} }}" if "tell" in sample else ""
    text, settings = "", things.door.town.settings
    for roles, area in _people(name):
        text = text or f"mutation {{ {name}{things.fill(sample['ask'])}{tell} }}"
        who = headers(settings, roles=roles, areas=[area], name="tester", case="A-7")
        code = _code(things.door.ask(text, None, who))
        expected = {None, "CONFLICT", sample.get("but")} if _may(name, roles, area) else REFUSED
        assert code in expected, (roles, area)
        text = text if code in REFUSED else ""  # something may have changed: the next has its own
