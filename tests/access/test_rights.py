"""Who may do what where: the policy is the one truth, and a place outside one's areas bars all."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphrisk.access.issuer import people
from graphrisk.access.masking import may_see
from graphrisk.access.model import EVERYTHING, Level, Post, Principal, Purpose, Scope
from graphrisk.access.purposes import PURPOSES
from graphrisk.access.rights import (
    ROLES,
    actions,
    for_purpose,
    may,
    read_policy,
    relation,
    require,
    scope_for,
)
from graphrisk.core.errors import ConfigError, Forbidden
from graphrisk.core.machine_table import shipped_machine
from graphrisk_schema.model import Sensitivity

DISTRICT = Scope(("350206",))
codes = st.text("0123456789", min_size=1, max_size=15)


def _who(*roles: str, areas: tuple[str, ...] = ("350206",)) -> Principal:
    return Principal("li.wei", frozenset(roles), Scope(areas))


def test_a_role_may_what_the_policy_permits_it_and_nothing_else() -> None:
    assert may(_who("investigator"), "case.take", "350206005")
    assert not may(_who("volunteer"), "case.take", "350206005")
    assert not may(_who(), "case.take")
    with pytest.raises(Forbidden, match=r"li\.wei may not case\.take in 3502"):
        require(_who("investigator"), "case.take", "3502")


@given(action=st.sampled_from(sorted(actions())), roles=st.sets(st.sampled_from(ROLES)))
def test_nobody_decides_beside_or_above_his_areas(action: str, roles: set[str]) -> None:
    if action in ("access.request", "access.emergency"):
        return
    assert not may(_who(*roles), action, "350203")
    assert not may(_who(*roles), action, "3502")


@given(action=st.sampled_from(sorted(actions())), roles=st.sets(st.sampled_from(ROLES)))
def test_several_roles_may_what_each_of_them_may(action: str, roles: set[str]) -> None:
    alone = any(may(_who(*one), action, "350206005") for one in ((), *zip(roles, strict=True)))
    assert may(_who(*roles), action, "350206005") == alone


def test_a_right_of_one_post_is_none_in_the_areas_of_another() -> None:
    posts = (
        Post(frozenset({"investigator"}), Scope(("350206",))),
        Post(frozenset({"auditor"}), Scope(("3502",))),
    )
    who = Principal("li.wei", frozenset({"investigator", "auditor"}), Scope(("3502",)), None, posts)
    assert may(who, "case.take", "350206005")
    assert not may(who, "case.take", "350203")
    assert may(who, "case.read", "350203")
    assert scope_for(who, "case.take") == Scope(("350206",))
    assert scope_for(who, "case.read") == Scope(("3502", "350206"))
    case = Purpose("investigation", "A-7")
    assert not may_see(Sensitivity.PERSONAL, who, case), "he would see the city's in clear"
    alone = Principal("li.wei", posts[0].roles, posts[0].scope)
    assert may_see(Sensitivity.PERSONAL, alone, case)


@given(action=st.sampled_from(sorted(actions())), roles=st.sets(st.sampled_from(ROLES)))
def test_who_screens_looks_up_scores_and_does_nothing_else(action: str, roles: set[str]) -> None:
    screens = for_purpose(_who(*roles), Purpose("screening"))
    assert may(screens, action) == (action == "score.read")


@given(action=st.sampled_from(sorted(actions())), roles=st.sets(st.sampled_from(ROLES)))
@pytest.mark.parametrize("purpose", sorted(set(PURPOSES) - {"screening"}))
def test_another_purpose_bounds_nothing_but_personal_values(
    purpose: str, action: str, roles: set[str]
) -> None:
    investigates = for_purpose(_who(*roles), Purpose("investigation"))
    asks = for_purpose(investigates, Purpose(purpose))
    is_shown = action != "personal.clear" or purpose in ("investigation", "export")
    assert may(asks, action) == (may(investigates, action) and is_shown)


def test_severe_measures_are_approved_from_the_county_up() -> None:
    levels = {"35": True, "3502": True, "350206": True, "350206005": False, "350206005001": False}
    for area, allowed in levels.items():
        assert may(_who("approver", areas=(area,)), "measure.approve", area) is allowed


def test_every_action_is_permitted_to_some_role_and_none_to_whoever_has_none() -> None:
    for action in actions():
        who = [Principal("x", frozenset({r}), EVERYTHING, stated="investigation") for r in ROLES]
        assert any(may(one, action) for one in who), action
        is_masked = action in ("graph.read", "score.read")
        assert may(Principal("x", frozenset(), EVERYTHING), action) == is_masked, action


@pytest.mark.parametrize(
    ("package", "table"),
    [
        ("graphrisk.centre.tasks", "task"),
        ("graphrisk.centre.measures", "measure"),
        ("graphrisk.centre.openings", "request"),
        ("graphrisk.centre.openings", "emergency"),
        ("graphrisk.analysis.rules", "life"),
    ],
)
def test_a_key_is_never_the_second_person(package: str, table: str) -> None:
    person = _who(*ROLES)
    key = replace(person, is_key=True)
    second = {one.right for one in shipped_machine(package, table).transitions if one.not_by}
    assert second, "there is something that two have to do"
    for action in second:
        assert may(person, action, "350206005"), action
        assert not may(key, action, "350206005"), action
        assert scope_for(key, action) == Scope(()), action


def test_a_key_approves_no_grant_and_does_its_other_work() -> None:
    key = replace(_who(*ROLES), is_key=True)
    assert not may(key, "principal.approve")
    assert may(key, "task.create", "350206005")


def test_an_action_that_nobody_declared_is_a_fault_not_a_refusal() -> None:
    with pytest.raises(ConfigError, match=r"case\.fly"):
        may(_who("investigator"), "case.fly")


@pytest.mark.parametrize(
    "roles",
    [
        "permit (principal",
        'permit (principal, action in [Action::"b"], resource);',
        'permit (principal, action in [Action::"a"], resource) when { principal.rank <= 3 };',
    ],
)
def test_a_faulty_policy_is_refused_when_it_is_read(roles: str) -> None:
    declared = """entity Role; entity Principal in [Role] { level: Long };
    entity Place { relation: String };
    action "a" appliesTo { principal: [Principal], resource: [Place] };"""
    with pytest.raises(ConfigError):
        read_policy(roles, declared)


@given(code=codes, prefix=codes)
def test_a_place_lies_below_exactly_when_a_prefix_says_so(code: str, prefix: str) -> None:
    inside = relation(Scope((prefix,)), code) in ("own", "below")
    assert inside == code.startswith(prefix)
    assert relation(EVERYTHING, code) == "below"
    assert relation(Scope(()), code) == "outside"


def test_the_level_is_that_of_the_widest_area() -> None:
    areas = ("", "35", "3502", "350206", "350206005", "350206005001007")
    assert [Scope((area,)).level for area in areas] == [
        Level.PROVINCE, Level.PROVINCE, Level.CITY, Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE
    ]  # fmt: skip
    assert Scope(("350206005001", "3502")).level is Level.CITY
    assert Scope(()).level is Level.VILLAGE


def test_the_named_people_hold_known_roles() -> None:
    assert all(set(one.roles) <= set(ROLES) and one.areas for one in people())
