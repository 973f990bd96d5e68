"""Ids and cursors: opaque, of one deployment, and refused when they are somebody else's."""

from __future__ import annotations

from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphrisk.analysis.model import Place
from graphrisk.api.ids import PublicIds, finding_cursor, read_finding_cursor
from graphrisk.core.errors import BadInput
from graphrisk_schema.reader import load_schema

IDS = PublicIds(b"secret")
OF_ANOTHER_DEPLOYMENT = PublicIds(b"another secret")
NUMBERS = st.integers(0, 2**63 - 1)


@given(kind=st.sampled_from(sorted(load_schema().nodes)), nid=NUMBERS)
def test_an_id_leads_back_to_its_entity_and_to_no_other_kind(kind: str, nid: int) -> None:
    text = IDS.entity(kind, nid)
    assert IDS.read_entity(text) == (kind, nid)
    assert OF_ANOTHER_DEPLOYMENT.entity(kind, nid) != text
    for other in load_schema().nodes:
        if other != kind:
            forged = text.replace(kind.lower(), other.lower())
            assert IDS.read_entity(forged) != (other, nid)


@given(number=st.integers(0, 2**48 - 1))
def test_a_cursor_leads_back_to_its_place(number: int) -> None:
    assert IDS.read_cursor("members", IDS.cursor("members", number)) == number
    assert IDS.read_cursor("members", None) == -1


def test_a_cursor_of_another_list_and_a_changed_one_cut_no_list_short() -> None:
    with pytest.raises(BadInput):
        IDS.read_cursor("members", IDS.cursor("evidence", 7))
    for number in range(50):
        cursor = IDS.cursor("neighbours", number)
        changed = cursor[:-1] + ("0" if cursor[-1] != "0" else "1")
        with pytest.raises(BadInput):
            IDS.read_cursor("neighbours", changed)


def test_another_deployment_has_other_ids() -> None:
    other = PublicIds(b"another")
    assert IDS.entity("Person", 7) != other.entity("Person", 7)
    assert IDS.read_entity(other.entity("Person", 7)) != ("Person", 7)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "person",
        "person_",
        "_0000000000000",
        "nobody_0000000000000",
        "transferred_0000000000000",
        "Person_0000000000000",
        "person_000000000000",
        "person_00000000000000",
        "person_000000000000i",
        "person_0000000000000\n",
        "person_00000000000\x000",
        "人_0000000000000",
        "person_" * 1000,
        "\ud800_0000000000000",
    ],
)
def test_what_is_no_id_is_refused_without_repeating_it(text: str) -> None:
    for read in (IDS.read_entity, partial(IDS.read_cursor, "members")):
        with pytest.raises(BadInput) as caught:
            read(text)
        assert text == "" or text not in str(caught.value) or len(text) < 8


def test_a_made_up_id_is_nobodys() -> None:
    kind, nid = IDS.read_entity("person_zzzzzzzzzzzzz")
    assert (kind, nid) == ("Person", -1)


@given(run=st.integers(1, 10**15 - 1), finding=st.from_regex(r"ring_[0-9a-f]{16}", fullmatch=True))
def test_a_finding_cursor_leads_back_to_its_finding(run: int, finding: str) -> None:
    place = Place(run, finding)
    assert read_finding_cursor(finding_cursor(place)) == place
    assert read_finding_cursor(None) is None


@pytest.mark.parametrize(
    "text", ["=", "a", "****", "ÿ", "5L2g", "A" * 97, "\ud800", "cmluZ18x", "MToA", "LTE6YQ"]
)
def test_what_is_no_finding_cursor_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        read_finding_cursor(text)


@pytest.mark.parametrize("said", ["x\x00y", "ring_", "ring_" + "g" * 16, "13800138000", "ring_\n"])
def test_what_a_strange_cursor_holds_is_not_repeated(said: str) -> None:
    with pytest.raises(BadInput, match=r"^that is not a cursor of this service$"):
        read_finding_cursor(finding_cursor(Place(1, said)))
