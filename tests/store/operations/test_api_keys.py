"""API keys on both engines: issued, rotated, revoked, listed, used."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import ClassVar

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from hypothesis import HealthCheck
from hypothesis import settings as tried
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import text

from graphrisk.access.keys.model import ApiKey, Grant, Handed
from graphrisk.access.keys.rules import text_of
from graphrisk.access.keys.service import ApiKeys, KeySignOn
from graphrisk.access.model import Principal, Purpose, Scope
from graphrisk.access.sign_on import SignOn
from graphrisk.core.clock import ManualClock
from graphrisk.core.errors import (
    BadInput,
    Conflict,
    Forbidden,
    NotFound,
    StoreUnavailable,
    Unauthenticated,
)
from graphrisk.settings import Settings
from graphrisk.store.operations.api_keys import ApiKeyRows
from graphrisk.store.operations.base import Base
from graphrisk.store.operations.database import Database
from tests.recorded import FullAudit

NOW, HOUR, DAY = 1_770_000_000_000, 3_600_000, 86_400_000
OPERATION = Purpose("operation")
ADMIN = Principal("admin", frozenset({"administrator"}), Scope(("3502",)))
WANTED = Grant("bank", ("application",), ("3502",), ("screening",), NOW + 90 * DAY)


@dataclass
class Audit:
    """What was recorded."""

    lines: list[tuple[str, str, int]] = field(default_factory=list)

    def record(
        self, principal: Principal, action: str, _purpose: Purpose, count: int, what: str = ""
    ) -> None:
        assert what or action == "key.read", "a decision names its object"
        self.lines.append((principal.name, action, count))


class Counted(ApiKeyRows):
    """Rows that count how often a use is noted."""

    notes = 0

    def note_use(self, key_id: str, at: int, every_ms: int) -> None:
        self.notes += 1
        super().note_use(key_id, at, every_ms)


class Office:
    """Who keeps keys, and the door that takes them."""

    def __init__(self, database: Database) -> None:
        self.clock, self.audit, self.rows = ManualClock(NOW), Audit(), Counted(database)
        self.keys = ApiKeys(self.rows, self.clock, self.audit)
        self.door = KeySignOn(self.rows, self.clock)

    def issue(self, grant: Grant = WANTED, by: Principal = ADMIN) -> Handed:
        return self.keys.issue(by, OPERATION, grant)

    def rotate(self, key_id: str, overlap: int = HOUR, by: Principal = ADMIN) -> Handed:
        return self.keys.rotate(by, OPERATION, key_id, overlap)

    def revoke(self, key_id: str, by: Principal = ADMIN) -> ApiKey:
        return self.keys.revoke(by, OPERATION, key_id)

    def listed(self, by: Principal = ADMIN) -> list[str]:
        return [one.grant.name for one in self.keys.listing(by, OPERATION, 0, 200)[0]]

    def opens(self, sent: str) -> bool:
        try:
            self.door.principal(sent)
        except Unauthenticated:
            return False
        return True


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


def test_the_tables_are_made_as_declared_and_can_be_undone(database: Database) -> None:
    def differences() -> list[object]:
        with database.session() as session:
            context = MigrationContext.configure(session.connection())
            found = compare_metadata(context, Base.metadata)
        return [one for one in found if "api_key" in str(one)]

    assert differences() == []
    database.downgrade("0016")
    assert len(differences()) >= 2
    database.migrate()
    assert differences() == []


def test_what_cannot_be_recorded_does_not_happen(office: Office) -> None:
    handed, silent = office.issue(), ApiKeys(office.rows, office.clock, FullAudit())
    with pytest.raises(StoreUnavailable):
        silent.issue(ADMIN, OPERATION, replace(WANTED, name="other"))
    with pytest.raises(StoreUnavailable):
        silent.rotate(ADMIN, OPERATION, handed.key.key_id, 0)
    with pytest.raises(StoreUnavailable):
        silent.revoke(ADMIN, OPERATION, handed.key.key_id)
    assert office.listed() == ["bank"]
    assert office.opens(handed.text)
    assert office.rows.find(handed.key.key_id) == replace(handed.key, used_at=NOW)


def test_a_key_stands_for_what_was_given_and_its_secret_is_kept_nowhere(
    office: Office, database: Database
) -> None:
    handed = office.issue()
    principal = office.door.principal(handed.text)
    assert principal.roles == {"application"}
    assert (principal.scope, principal.purposes) == (Scope(("3502",)), frozenset({"screening"}))
    assert handed.key.issued_by == "admin"
    secret = handed.text.rpartition("_")[2]
    with database.reading() as session:
        kept = [
            str(row)
            for table in ("api_keys", "api_key_secrets")
            for row in session.execute(text(f"SELECT * FROM {table}"))
        ]
    assert len(kept) == 2
    assert [line for line in kept if secret in line] == []
    assert secret not in repr(handed) + repr(office.rows.find(handed.key.key_id))


def test_where_there_is_an_issuer_keys_stand_beside_its_tokens(
    office: Office, tmp_path: Path
) -> None:
    (tmp_path / "keys.json").write_text('{"keys": []}')
    settings = Settings(
        store=f"sqlite:///{tmp_path / 'graph.db'}",
        issuer="https://sign-on.example",
        issuer_keys=str(tmp_path / "keys.json"),
    )
    sign_on, handed = SignOn(settings, office.clock, office.door), office.issue()
    for header in (f"Bearer {handed.text}", f"bearer   {handed.text} "):
        assert sign_on.principal(header).name == f"key:bank ({handed.key.key_id})"
    for bad in (handed.text, f"Basic {handed.text}", f"Bearer {handed.text[:-1]}"):
        with pytest.raises(Unauthenticated):
            sign_on.principal(bad)


def test_all_that_is_wrong_with_a_key_is_answered_alike(office: Office) -> None:
    handed, other = office.issue(), office.issue()
    secret = handed.text.rpartition("_")[2]
    revoked = office.issue()
    office.revoke(revoked.key.key_id)
    wrong = [
        text_of(other.key.key_id, secret), text_of("z" * 13, secret), handed.text[:-1],
        handed.text + "a", handed.text.upper(), revoked.text, "grk_", "grk_a_b",
    ]  # fmt: skip
    said = set()
    for sent in wrong:
        with pytest.raises(Unauthenticated) as refusal:
            office.door.principal(sent)
        said.add(str(refusal.value))
    assert len(said) == 1
    office.clock.now = WANTED.expires_at - 1
    assert office.opens(handed.text)
    office.clock.now = WANTED.expires_at
    assert not office.opens(handed.text)


def test_after_a_rotation_both_secrets_work_for_the_overlap(office: Office) -> None:
    old = office.issue()
    new = office.rotate(old.key.key_id, HOUR)
    assert office.opens(old.text)
    assert office.opens(new.text)
    assert [one.ends_at for one in new.key.secrets] == [NOW + HOUR, None]
    with pytest.raises(Conflict):
        office.rotate(old.key.key_id, HOUR)
    office.clock.advance(HOUR)
    assert not office.opens(old.text)
    assert office.opens(new.text)
    newest = office.rotate(old.key.key_id, 0)
    assert [office.opens(one.text) for one in (old, new, newest)] == [False, False, True]
    assert office.door.principal(newest.text).name == f"key:bank ({old.key.key_id})"
    for overlap in (-1, 30 * DAY + 1):
        with pytest.raises(BadInput):
            office.rotate(old.key.key_id, overlap)


def test_without_overlap_all_older_secrets_end_at_once(office: Office) -> None:
    first = office.issue()
    second = office.rotate(first.key.key_id, DAY)
    third = office.rotate(first.key.key_id, 0)
    assert [office.opens(one.text) for one in (first, second, third)] == [False, False, True]


def test_of_many_who_rotate_at_once_one_wins(office: Office) -> None:
    key_id = office.issue().key.key_id

    def rotated(_number: int) -> bool:
        try:
            office.rotate(key_id, HOUR)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(rotated, range(4))) == 1
    assert len(office.rows.after(0, 9)[0].secrets) == 2


def test_a_revoked_key_ends_with_all_its_secrets_and_who_did_so_first_stands(
    office: Office,
) -> None:
    old = office.issue()
    new = office.rotate(old.key.key_id)
    assert office.opens(old.text)
    assert office.opens(new.text)
    assert office.revoke(old.key.key_id).revoked_by == "admin"
    assert not office.opens(old.text)
    assert not office.opens(new.text)
    office.clock.advance(1)
    again = office.revoke(old.key.key_id, replace(ADMIN, name="other"))
    assert (again.revoked_by, again.revoked_at) == ("admin", NOW)
    with pytest.raises(Conflict):
        office.rotate(old.key.key_id)


@pytest.mark.parametrize("area", ["35", "3501", ""])
def test_an_administrator_gives_nothing_outside_his_areas(office: Office, area: str) -> None:
    with pytest.raises(Forbidden):
        office.issue(replace(WANTED, areas=("3502", area)))
    assert office.rows.after(0, 9) == []


def test_within_his_areas_he_gives_roles_that_he_does_not_hold_and_others_give_none(
    office: Office,
) -> None:
    below = replace(WANTED, areas=("350206",), roles=("investigator", "application"))
    assert office.door.principal(office.issue(below).text).roles == {"investigator", "application"}
    for role in ("application", "investigator", "supervisor", "auditor", "duty_officer"):
        with pytest.raises(Forbidden):
            office.issue(replace(WANTED, roles=("application",)), _as(role))


def test_keys_that_reach_beyond_ones_areas_are_not_there(office: Office) -> None:
    city = office.issue()
    office.issue(replace(WANTED, name="district", areas=("350206",)))
    district = replace(ADMIN, name="county.admin", scope=Scope(("350206",)))
    assert office.listed() == ["bank", "district"]
    assert office.listed(district) == ["district"]
    for act in (office.rotate, office.revoke):
        with pytest.raises(NotFound):
            act(city.key.key_id, by=district)
        with pytest.raises(NotFound):
            act("z" * 13)
    for act in (office.rotate, office.revoke):
        with pytest.raises(Forbidden):
            act(city.key.key_id, by=_as("auditor"))
    with pytest.raises(Forbidden):
        office.listed(_as("auditor"))
    assert office.opens(city.text)


def test_the_list_goes_on_behind_what_is_not_seen(office: Office) -> None:
    for number in range(7):
        areas = ("3502",) if number % 3 else ("350206",)
        office.issue(replace(WANTED, name=f"k{number}", areas=areas))
    district = replace(ADMIN, scope=Scope(("350206",)))
    part, more = office.keys.listing(district, OPERATION, 0, 2)
    assert ([one.grant.name for one in part], more) == (["k0", "k3"], True)
    part, more = office.keys.listing(district, OPERATION, part[-1].number, 2)
    assert ([one.grant.name for one in part], more) == (["k6"], False)


def test_the_last_use_is_noted_at_most_once_a_minute(office: Office, database: Database) -> None:
    handed = office.issue()
    other = Office(database)
    for _ in range(60):
        assert office.opens(handed.text)
        office.clock.advance(999)
    assert office.rows.notes == 1
    assert _used_at(office, handed) == NOW
    other.rows.note_use(handed.key.key_id, NOW + 59_999, 60_000)
    assert _used_at(office, handed) == NOW
    office.clock.now = NOW + 60_000
    assert office.opens(handed.text)
    assert not office.opens(handed.text[:-1] + "?")
    assert _used_at(office, handed) == NOW + 60_000


def test_every_act_is_recorded(office: Office) -> None:
    key_id = office.issue().key.key_id
    office.rotate(key_id)
    office.listed()
    office.revoke(key_id)
    assert office.audit.lines == [
        ("admin", "key.issue", 1), ("admin", "key.rotate", 1),
        ("admin", "key.read", 1), ("admin", "key.revoke", 1),
    ]  # fmt: skip


class Life(RuleBasedStateMachine):
    """A key from issue to its end: what works is what a plain reckoning says."""

    database: ClassVar[Database]

    def __init__(self) -> None:
        super().__init__()
        self.office = Office(self.database)
        handed = self.office.issue(replace(WANTED, expires_at=NOW + 10 * HOUR))
        self.key_id = handed.key.key_id
        self.ends = {handed.text: NOW + 10 * HOUR}
        self.is_revoked = False

    @rule(ms=st.sampled_from([1, HOUR // 2, HOUR, 3 * HOUR]))
    def wait(self, ms: int) -> None:
        self.office.clock.advance(ms)

    @rule(overlap=st.sampled_from([0, 1, HOUR, 2 * HOUR]))
    def rotate(self, overlap: int) -> None:
        now, working = self.office.clock.now, self.working()
        is_refused = not working or (len(working) > 1 and overlap > 0)
        try:
            handed = self.office.rotate(self.key_id, overlap)
        except Conflict:
            assert is_refused
            return
        assert not is_refused
        self.ends = {sent: min(end, now + overlap) for sent, end in self.ends.items()}
        self.ends[handed.text] = NOW + 10 * HOUR

    @rule(is_meant=st.sampled_from([True, False, False, False]))
    def revoke(self, is_meant: bool) -> None:
        if is_meant:
            self.office.revoke(self.key_id)
            self.is_revoked = True

    @invariant()
    def works_what_should(self) -> None:
        assert {sent for sent in self.ends if self.office.opens(sent)} == self.working()
        assert len(self.working()) <= 2

    def working(self) -> set[str]:
        now = self.office.clock.now
        return set() if self.is_revoked else {s for s, end in self.ends.items() if now < end}


def test_a_keys_life(database: Database) -> None:
    checks = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
    Life.database = database
    run_state_machine_as_test(
        Life,
        settings=tried(max_examples=12, stateful_step_count=12, suppress_health_check=checks),
    )


def _as(role: str) -> Principal:
    return Principal(role, frozenset({role}), Scope(("3502",)))


def _used_at(office: Office, handed: Handed) -> int | None:
    key = office.rows.find(handed.key.key_id)
    return None if key is None else key.used_at
