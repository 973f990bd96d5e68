"""Webhooks: signed, at least once, to nobody who may not follow it, and nowhere inside."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from graphrisk.access.keys.model import Grant
from graphrisk.access.keys.service import ApiKeys
from graphrisk.access.model import Principal, Purpose, Scope
from graphrisk.centre.webhooks import records, rules
from graphrisk.centre.webhooks.model import Handed, Posted, Wanted
from graphrisk.centre.webhooks.owners import owners_now
from graphrisk.centre.webhooks.posting import HttpPost
from graphrisk.centre.webhooks.service import Poster, Webhooks, every_webhook, replay_any
from graphrisk.core.clock import ManualClock
from graphrisk.core.errors import (
    BadInput,
    ConfigError,
    Forbidden,
    LimitExceeded,
    NotFound,
    StoreUnavailable,
)
from graphrisk.core.keys import KeyRing
from graphrisk.core.networks import read_networks
from graphrisk.store.audit.spool import AuditSpool
from graphrisk.store.operations import outbox
from graphrisk.store.operations.api_keys import ApiKeyRows
from graphrisk.store.operations.database import Database
from tests.centre.webhooks.hearer import Hearer, hearing, is_signed
from tests.recorded import recorded

NOW, HOUR, DAY = 1_772_000_000_000, 3_600_000, 86_400_000
WORK = Purpose("operation")
HULI = Principal("li", frozenset({"supervisor"}), Scope(("350206",)))
CITY = Principal("wu", frozenset({"supervisor"}), Scope(("3502",)))
AUDITOR = Principal("he", frozenset({"auditor"}), Scope(("3502",)))


class Site:
    """A deployment with a receiver beside it."""

    def __init__(self, database: Database, folder: Path, hearer: Hearer) -> None:
        self.database, self.folder, self.hearer = database, folder, hearer
        self.clock = ManualClock(NOW)
        ring = KeyRing.open(folder / "keys.json")
        self.audit = AuditSpool(folder / "audit", self.clock)
        self.webhooks = Webhooks(database, lambda: ring, self.clock, self.audit)
        way = HttpPost(read_networks("127.0.0.0/8", "GRAPHRISK_WEBHOOK_NETWORKS"), quiet=2)
        known = owners_now(database, self.clock, by_rows=False)
        self.poster = Poster(database, lambda: ring, self.clock, way, "graphrisk:test", known)

    def register(self, who: Principal = CITY, url: str = "", **told: object) -> Handed:
        said = {"kinds": (), "area": "", "expires_at": self.clock.now + DAY * 300} | told
        return self.webhooks.register(who, WORK, Wanted(url or self.hearer.url, **said))  # type: ignore[arg-type]

    def happens(self, kind: str, subject: str, area: str | None, whom: str | None = None) -> None:
        with self.database.session() as session:
            outbox.emit(session, kind, subject, {"n": 1}, self.clock.now, area=area, whom=whom)
        with self.database.session() as session:
            outbox.relay(session)


@pytest.fixture
def site(centre_database: Database, tmp_path: Path) -> Iterator[Site]:
    with hearing() as hearer:
        yield Site(centre_database, tmp_path, hearer)


def test_the_signature_is_that_of_the_specification() -> None:
    """The example of Standard Webhooks."""
    secret, body = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", b'{"test": 2432232314}'
    told = rules.signature([secret], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, body)
    assert told == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_what_happens_is_posted_signed_and_once(site: Site) -> None:
    site.happens("case.changed", "before", "350206001")
    handed = site.register()
    site.happens("case.changed", "case-1", "350206001")
    assert site.poster.round() == Posted(written=1, sent=1)
    ((headers, body),) = site.hearer.heard
    assert headers["content-type"].startswith("application/cloudevents+json")
    assert headers["webhook-timestamp"] == str(NOW // 1_000)
    assert is_signed(headers, body, handed.secret)
    assert not is_signed(headers, body + b" ", handed.secret)
    (told,) = site.hearer.documents()
    assert told == {
        "specversion": "1.0",
        "id": headers["webhook-id"],
        "source": "graphrisk:test",
        "type": "graphrisk.case.changed",
        "subject": "case-1",
        "time": "2026-02-25T06:13:20+00:00",
        "datacontenttype": "application/json",
        "data": {"area": "350206001", "details": {"n": 1}},
    }
    assert site.poster.round() == Posted()
    for before, forgotten in ((NOW, 0), (NOW + 1, 1)):
        with site.database.session() as session:
            assert records.forget_before(session, before) == forgotten


def test_each_is_told_what_his_owner_may_follow_of_kind_and_area(site: Site) -> None:
    site.register(HULI)
    site.register(CITY, kinds=("case.changed",), area="350203")
    for subject, kind, area in (
        ("huli", "case.changed", "350206001"),
        ("siming", "case.changed", "350203001"),
        ("task", "task.changed", "350203001"),
        ("elsewhere", "case.changed", "350102001"),
        ("city", "detection.finished", None),
    ):
        site.happens(kind, subject, area)
    site.happens("watch.hit", "watched", "350102001", "li")
    site.poster.round()
    told = [one["subject"] for one in site.hearer.documents()]
    assert sorted(told) == ["huli", "siming", "watched"]


def test_what_is_not_taken_is_tried_again_later_and_later_and_given_up(site: Site) -> None:
    handed = site.register()
    site.happens("case.changed", "one", "350206")
    site.happens("case.changed", "two", "350206")
    site.hearer.status = 503
    assert site.poster.round() == Posted(written=2, failed=1)  # the second waits for the first
    site.clock.advance(rules.PAUSES_MS[0] - 1)
    site.hearer.heard.clear()
    site.poster.round()
    assert [one["subject"] for one in site.hearer.documents()] == ["two"]
    for pause in rules.PAUSES_MS:
        site.clock.advance(pause + 1)
        site.poster.round()
        site.poster.round()
    found, _ = site.webhooks.messages(CITY, WORK, handed.webhook.webhook_id, 0, 10)
    assert [one.state for one in found] == ["dead", "dead"]
    assert [one.attempts for one in found] == [rules.MOST_ATTEMPTS] * 2
    assert found[0].error == "status 503"
    site.hearer.status = 204
    site.clock.advance(100 * DAY)
    assert site.poster.round() == Posted()
    first = site.hearer.heard[-1][0]["webhook-id"]
    assert site.webhooks.replay(CITY, WORK, handed.webhook.webhook_id, None) == 2
    assert site.poster.round() == Posted(sent=2)
    assert first in {headers["webhook-id"] for headers, _ in site.hearer.heard[-2:]}
    assert site.webhooks.replay(CITY, WORK, handed.webhook.webhook_id, found[0].message_id) == 1
    with pytest.raises(NotFound):
        site.webhooks.replay(CITY, WORK, handed.webhook.webhook_id, "msg_none")


def test_one_that_does_not_answer_delays_no_other(site: Site) -> None:
    site.register(url="http://127.0.0.1:1/nobody")
    site.register()
    for number in range(5):
        site.happens("case.changed", str(number), "350206")
    assert site.poster.round() == Posted(written=10, sent=5, failed=1)


def test_both_secrets_sign_until_the_older_one_ends(site: Site) -> None:
    old = site.register()
    new = site.webhooks.rotate(CITY, WORK, old.webhook.webhook_id, HOUR)
    for after, works in ((0, True), (HOUR, False)):
        site.clock.advance(after)
        site.happens("case.changed", "one", "350206")
        site.poster.round()
        headers, body = site.hearer.heard[-1]
        assert is_signed(headers, body, new.secret)
        assert is_signed(headers, body, old.secret) == works
    with pytest.raises(BadInput):
        site.webhooks.rotate(CITY, WORK, old.webhook.webhook_id, 31 * DAY)


def test_secrets_are_kept_encrypted(site: Site) -> None:
    handed = site.register()
    with site.database.reading() as session:
        text = str(session.connection().exec_driver_sql("SELECT secrets FROM webhooks").all())
    assert handed.secret.removeprefix("whsec_") not in text


def test_whoever_is_gone_or_stopped_is_told_nothing_more(site: Site) -> None:
    gone, stopped, ended = (
        site.register(),
        site.register(HULI),
        site.register(CITY, expires_at=NOW + 1),
    )
    site.webhooks.stop(HULI, WORK, stopped.webhook.webhook_id)
    site.clock.advance(1)
    site.happens("case.changed", "one", "350206")
    site.hearer.status = 410
    assert site.poster.round() == Posted(written=1, stopped=1)
    site.happens("case.changed", "two", "350206")
    assert site.poster.round() == Posted()
    stands = {one.webhook_id: one.stopped_at for one in every_webhook(site.database)}
    assert stands[gone.webhook.webhook_id] == NOW + 1
    assert stands[ended.webhook.webhook_id] is None


def test_a_revoked_key_ends_what_it_was_told(site: Site) -> None:
    admin = Principal("root", frozenset({"administrator"}), Scope(("3502",)))
    keys = ApiKeys(ApiKeyRows(site.database), site.clock, site.audit)
    wanted = Grant("bank", ("supervisor",), ("3502",), ("operation",), NOW + DAY)
    owner = Principal("key:bank", frozenset(), Scope(()))
    with pytest.raises(BadInput):
        keys.issue(admin, WORK, wanted)  # only persons supervise
    wanted = Grant("bank", ("application",), ("3502",), ("operation",), NOW + DAY)
    key = keys.issue(admin, WORK, wanted).key
    owner = Principal(f"key:bank ({key.key_id})", frozenset({"application"}), Scope(("3502",)))
    site.register(owner)
    site.happens("detection.finished", "run-1", None)
    assert site.poster.round().sent == 1
    keys.revoke(admin, WORK, key.key_id)
    site.happens("detection.finished", "run-2", None)
    assert site.poster.round() == Posted()


def test_nobody_else_sees_a_webhook(site: Site) -> None:
    handed = site.register()
    which = handed.webhook.webhook_id
    assert site.webhooks.listing(HULI, WORK) == []
    for act in (
        lambda: site.webhooks.messages(HULI, WORK, which, 0, 1),
        lambda: site.webhooks.stop(HULI, WORK, which),
        lambda: site.webhooks.rotate(HULI, WORK, which, 0),
        lambda: site.webhooks.replay(HULI, WORK, which, None),
    ):
        with pytest.raises(NotFound):
            act()
    with pytest.raises(Forbidden):
        site.webhooks.listing(AUDITOR, WORK)
    with pytest.raises(Forbidden):
        site.register(AUDITOR)
    assert replay_any(site.database, which, None, NOW) == 0
    acts = [line["action"] for line in recorded(site.folder / "audit")]
    assert acts == ["webhook.register", "webhook.read"]


@pytest.mark.parametrize(
    ("told", "error"),
    [
        ({"url": "ftp://example.org/"}, BadInput),
        ({"url": "https://"}, BadInput),
        ({"url": "https://user:secret@example.org/"}, BadInput),
        ({"url": "https://example.org/#part"}, BadInput),
        ({"url": "https://example.org/\r\nx: y"}, BadInput),
        ({"url": "https://example.org:99999/"}, BadInput),
        ({"url": "https://例子.example/"}, BadInput),
        ({"url": "https://example.org/" + "x" * 500}, BadInput),
        ({"kinds": ("case.opened",)}, BadInput),
        ({"area": "厦门"}, BadInput),
        ({"expires_at": NOW}, BadInput),
        ({"expires_at": NOW + 367 * DAY}, BadInput),
    ],
)
def test_what_cannot_be_is_refused(
    site: Site, told: dict[str, object], error: type[Exception]
) -> None:
    with pytest.raises(error):
        site.register(**told)  # type: ignore[arg-type]


def test_one_has_fifty_at_most(site: Site) -> None:
    for _ in range(50):
        site.register()
    with pytest.raises(LimitExceeded):
        site.register()
    site.register(HULI)


@pytest.mark.parametrize(
    "url",
    [
        *("https://127.0.0.1/", "http://127.0.0.1/", "https://localhost/", "https://[::1]/"),
        *("https://10.0.0.1/", "https://192.168.1.1/", "https://169.254.169.254/latest"),
        *(
            "https://[::ffff:10.0.0.1]/",
            "https://0.0.0.0/",
            "https://[fe80::1]/",
            "https://[fd00::1]/",
        ),
        *("https://100.64.0.1/", "https://224.0.0.1/", "http://1.1.1.1/", "https://0x7f.1/"),
        "https://2130706433/",
    ],
)
def test_nothing_is_posted_inside_or_in_the_clear(url: str) -> None:
    with pytest.raises(Forbidden, match="GRAPHRISK_WEBHOOK_NETWORKS"):
        HttpPost().post(url, {}, b"")


def test_a_network_that_is_allowed_is_posted_to_and_redirects_are_not_followed() -> None:
    with hearing() as hearer:
        hearer.status = 302
        assert (
            HttpPost(read_networks("127.0.0.1/32", "GRAPHRISK_WEBHOOK_NETWORKS")).post(
                hearer.url, {}, b"x"
            )
            == 302
        )
        with pytest.raises(Forbidden):
            HttpPost(read_networks("10.0.0.0/8", "GRAPHRISK_WEBHOOK_NETWORKS")).post(
                hearer.url, {}, b"x"
            )
        with pytest.raises(StoreUnavailable):  # it speaks no TLS
            HttpPost(read_networks("127.0.0.1/32", "GRAPHRISK_WEBHOOK_NETWORKS")).post(
                hearer.url.replace("http:", "https:"), {}, b"x"
            )
        assert len(hearer.heard) == 1
    with pytest.raises(ConfigError):
        read_networks("10.0.0.1/8", "GRAPHRISK_WEBHOOK_NETWORKS")
