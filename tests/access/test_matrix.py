"""The authorisation matrix (matrix.yaml) against the real api: field × role × place × purpose."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml
from graphql import GraphQLObjectType, get_named_type, is_leaf_type, is_required_argument

from graphrisk.access.masking import mask
from graphrisk.access.model import Scope
from graphrisk.access.purposes import PURPOSES
from graphrisk.access.rights import ROLES
from tests.access.queries import ARGUMENTS, SCHEMA
from tests.api.districts import SIMING, build_districts, outside_keys, outside_names
from tests.api.serving import Document, Door, opened_door
from tests.api.town import ACCOUNTS
from tests.effort import LONG
from tests.principals import headers

#: Where somebody stands to what is looked for, which lies in SIMING: does he see it?
PLACES = {
    SIMING: True,  # his own cell
    "350203": True,  # above it
    "35": True,
    "350206": False,  # beside it
    "350203001001002": False,  # the next cell
    "3501": False,  # another city
}
CLEAR = {"investigator", "duty_officer"}


@cache
def _matrix() -> dict[str, Any]:
    text = (Path(__file__).parent / "matrix.yaml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(text))


def _fields() -> set[tuple[str, str]]:
    kinds = [one for one in SCHEMA.type_map.values() if isinstance(one, GraphQLObjectType)]
    return {(k.name, f) for k in kinds if not k.name.startswith("__") for f in k.fields}


def _listed() -> list[tuple[str, str]]:
    asked = [(kind, name) for kind, fields in _matrix()["asked"].items() for name in fields]
    told = _matrix()["told"].items()
    return asked + [(kind, name) for kind, by in told for names in by.values() for name in names]


def test_every_field_is_listed_once_and_none_that_is_not_there() -> None:
    listed = _listed()
    assert sorted(_fields() - set(listed)) == [], "add them to tests/access/matrix.yaml"
    assert sorted(set(listed) - _fields()) == [], "no longer in the schema"
    assert len(listed) == len(set(listed))
    classes = {name for by in _matrix()["told"].values() for name in by}
    assert classes <= {"open", "cut", "city"}


def test_what_tells_of_the_whole_city_is_reached_through_guarded_fields_alone() -> None:
    guarded = {f for f, who in _matrix()["asked"]["Query"].items() if who != "everyone"}
    city = {kind for kind, by in _matrix()["told"].items() if "city" in by}
    assert {kind for name in _roots() - guarded for kind in _under(name)} & city == set()


def test_every_field_of_a_query_is_asked_below() -> None:
    asked = {pair for kind in _ways() for pair in _asked(kind)}
    others = {"Mutation", "Subscription"}
    answers = others.union(*map(_reached, others)) - _reached("Query")
    missing = {one for one in _fields() - asked if one[0] not in answers and not _unasked(*one)}
    assert sorted(missing) == [], "give them arguments in tests/access/queries.py"


@pytest.fixture(scope="module")
def districts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    with opened_door(build_districts(tmp_path_factory.mktemp("matrix"))) as door:
        yield door


def _people() -> list[tuple[str, str, str | None]]:
    """Role, area, case: all of them in the long form; else each role once and each place once."""
    every = list(product(ROLES, PLACES, (None, "A-7")))
    few: set[tuple[str, str, str | None]]
    few = {("investigator", area, "A-7") for area in PLACES}
    few |= {(role, "35", None) for role in ROLES}
    return every if LONG else [one for one in every if one in few]


@pytest.mark.parametrize(("role", "area", "case"), _people())
def test_each_field_tells_what_the_matrix_says(
    districts: Door, role: str, area: str, case: str | None
) -> None:
    who = headers(districts.town.settings, roles=[role], areas=[area], name=role, case=case)
    answers = {
        kind: districts.ask(_filled(districts, kind), None, who)
        for kind in _ways()
        if kind != "Query"
    }
    roots = {name: districts.ask(_filled(districts, "Query", name), None, who) for name in _roots()}
    refused = {name for name, answer in roots.items() if _code(answer) == "FORBIDDEN"}
    assert refused == {name for name in _roots() if not _is_answered(name, role, area)}
    every = [*answers.values(), *roots.values()]
    assert {_code(answer) for answer in every} <= {None, "FORBIDDEN", "NOT_FOUND"}
    told = json.dumps(every, ensure_ascii=False)
    keys = [key for key in outside_keys() if key not in ("P2", "P3")]
    ids = [districts.ids.entity("Account", districts.town.nids[ACCOUNTS[k]]) for k in ("P2", "P3")]
    if not PLACES[area]:
        personal = [*keys, *outside_names()]
        secrets = [*personal, *map(mask, personal), *ids]
        assert [text for text in secrets if text in told] == []
        return
    assert ids[0] in told
    clear = case is not None and role in CLEAR
    assert (ACCOUNTS["P2"] in told) == clear
    assert mask(ACCOUNTS["P2"]) in told or clear


def _purposes() -> list[tuple[str, str]]:
    """Purpose and role: all of them in the long form, else the investigator and two purposes."""
    every = list(product(_matrix()["purposes"], ROLES))
    few = {("screening", "application"), ("screening", "investigator")}
    few |= {("evaluation", "investigator"), ("export", "investigator")}
    return every if LONG else [one for one in every if one in few]


@pytest.mark.parametrize(("purpose", "role"), _purposes())
def test_a_purpose_leaves_what_the_matrix_says(districts: Door, purpose: str, role: str) -> None:
    settings = districts.town.settings
    who = headers(settings, roles=[role], areas=["35"], purpose=purpose, case="A-7")
    roots = {name: districts.ask(_filled(districts, "Query", name), None, who) for name in _roots()}
    refused = {name for name, answer in roots.items() if _code(answer) == "FORBIDDEN"}
    left = _matrix()["purposes"][purpose]
    answered = {name for name in _roots() if _is_answered(name, role, "35")}
    assert _roots() - refused == (answered if left == "all" else answered & set(left))
    told = json.dumps(districts.ask(_filled(districts, "Entity"), None, who), ensure_ascii=False)
    assert (ACCOUNTS["P2"] in told) == (purpose in _matrix()["clear"] and role in CLEAR)


def test_every_purpose_is_listed() -> None:
    assert set(_matrix()["purposes"]) == set(PURPOSES)
    assert set(_matrix()["clear"]) <= set(PURPOSES)


def _roots() -> set[str]:
    root = SCHEMA.query_type
    assert root is not None
    return {name for name in root.fields if not _unasked("Query", name)}


def _unasked(kind: str, name: str) -> bool:
    """Whether a field needs arguments that nobody wrote down; its own tests ask it."""
    holder = SCHEMA.type_map[kind]
    assert isinstance(holder, GraphQLObjectType)
    needs = any(is_required_argument(one) for one in holder.fields[name].args.values())
    return needs and (kind, name) not in ARGUMENTS


def _reached(kind: str) -> set[str]:
    """All types below one."""
    found, waiting = set[str](), [kind]
    while waiting:
        holder = SCHEMA.type_map[waiting.pop()]
        if isinstance(holder, GraphQLObjectType):
            below = {get_named_type(one.type).name for one in holder.fields.values()} - found
            found |= below
            waiting += below
    return found


def _is_answered(name: str, role: str, area: str) -> bool:
    who = _matrix()["asked"]["Query"][name]
    return who == "everyone" or (role in who["roles"] and Scope((area,)).level <= who["level"])


@cache
def _ways() -> dict[str, tuple[tuple[str, str], ...]]:
    """To each type below a query the fields that lead there soonest."""
    ways: dict[str, tuple[tuple[str, str], ...]] = {"Query": ()}
    waiting = ["Query"]
    for kind in waiting:
        holder = SCHEMA.type_map[kind]
        assert isinstance(holder, GraphQLObjectType)
        for name, field in holder.fields.items():
            below = get_named_type(field.type)
            is_new = isinstance(below, GraphQLObjectType) and below.name not in ways
            if is_new and not _unasked(kind, name):
                ways[below.name] = (*ways[kind], (kind, name))
                waiting.append(below.name)
    return ways


def _under(root: str) -> list[str]:
    """Types that are reached soonest by a field of Query."""
    return [kind for kind, way in _ways().items() if way and way[0][1] == root]


def _asked(kind: str) -> list[tuple[str, str]]:
    """The fields of a type that its query asks."""
    holder = SCHEMA.type_map[kind]
    assert isinstance(holder, GraphQLObjectType)
    return [(kind, name) for name in holder.fields if not _unasked(kind, name)]


@cache
def _query(kind: str) -> str:
    """All fields of a type, on the way that leads to it soonest."""
    text = " ".join(_field(holder, name) for holder, name in _asked(kind))
    for holder, name in reversed(_ways()[kind]):
        text = f"{name}{_given(holder, name)} {{ {text} }}"
    return f"{{ {text} }}"


def _field(kind: str, name: str) -> str:
    holder = SCHEMA.type_map[kind]
    assert isinstance(holder, GraphQLObjectType)
    below = get_named_type(holder.fields[name].type)
    return f"{name}{_given(kind, name)}" + ("" if is_leaf_type(below) else " { __typename }")


def _given(kind: str, name: str) -> str:
    return ARGUMENTS.get((kind, name), ("",))[-1 if (kind, name) == ("Query", "entity") else 0]


def _filled(door: Door, kind: str, root: str = "") -> str:
    own, other = (door.id_of("Account", ACCOUNTS[key]) for key in ("P1", "P2"))
    query = f"{{ {_field(kind, root)} }}" if root else _query(kind)
    return query.replace("ACCOUNT", own).replace("OTHER", other)


def _code(answer: Document) -> str | None:
    errors = answer.get("errors")
    return errors[0]["extensions"]["code"] if errors else None
