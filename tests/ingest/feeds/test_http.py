"""Pull by HTTP: every change once and in order, whatever the service does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from graphrisk.core.errors import (
    BadInput,
    ConfigError,
    Conflict,
    GraphRiskError,
    LimitExceeded,
    StoreUnavailable,
)
from graphrisk.ingest.feeds import http
from graphrisk.ingest.feeds.config import HttpFeed, find_feed, read_feed
from graphrisk.ingest.feeds.spool import Spool
from graphrisk.ingest.model import Freshness
from graphrisk.ingest.service import Sources
from graphrisk.store.contract import AsOf, NeighbourQuery
from tests.ingest.factory import DAY, START
from tests.ingest.feeds.conftest import Inlet
from tests.ingest.feeds.service import KEY, Tags, describe, serving, tag


def test_changes_come_page_by_page_and_only_new_ones_next_time(inlet: Inlet, tags: Tags) -> None:
    describe(inlet.feeds, tags)
    tags.changes, tags.page = [tag(i) for i in range(250)], 100
    turn = inlet.pull("tags")
    assert [file.loaded for file in turn.files] == [100, 100, 50]
    assert tags.asked == [None, "100", "200", "250"]
    assert inlet.pull("tags").files == []
    assert tags.asked[4:] == ["250"], "the token was kept"
    tags.changes.append(tag(250, "诈骗"))
    assert [file.loaded for file in inlet.pull("tags").files] == [1]
    assert (inlet.category(249), inlet.category(250)) == ("推销", "诈骗")
    found = inlet.source("tags")
    assert (found.owner_zh, found.reliability) == ("第三方标签服务商", "C")
    assert found.last is not None
    assert (found.last.file, found.last.rows) == ("tags-00000004.jsonl", 1)


def test_a_revocation_withdraws_what_the_tag_said(inlet: Inlet, tags: Tags) -> None:
    describe(inlet.feeds, tags)
    tags.changes = [tag(1), tag(2)]
    inlet.pull("tags")
    before = inlet.clock.now_ms()
    assert inlet.category(1) == "推销"
    tags.changes.append(tag(1, revoked=before))
    inlet.pull("tags")
    assert (inlet.category(1), inlet.category(2)) == (None, "推销")
    # The same again in the very words of the first page: a third state, not the first delivery.
    tags.changes.append(tag(1))
    tags.changes.append(tag(2))
    inlet.pull("tags")
    assert inlet.category(1) == "推销"


def test_a_source_that_never_answered_is_late_and_told(inlet: Inlet, tags: Tags) -> None:
    describe(inlet.feeds, tags)
    sources = Sources(inlet.place.database, inlet.clock)
    tags.faults = [(500, {}, b"")] * http.ATTEMPTS
    with pytest.raises(StoreUnavailable):
        inlet.pull("tags")
    asked, every = inlet.clock.now_ms(), inlet.source("tags").every_ms
    assert every is not None
    inlet.clock.advance(every)
    assert (inlet.source("tags").due_at, sources.note_lateness()) == (asked + every, [])
    assert inlet.source("tags").freshness(inlet.clock.now_ms()) is Freshness.NEVER
    inlet.clock.advance(1)
    assert sources.note_lateness() == ["source.late tags"]
    assert inlet.source("tags").freshness(inlet.clock.now_ms()) is Freshness.LATE
    tags.changes = [tag(1)]
    inlet.pull("tags")
    assert sources.note_lateness() == ["source.fresh tags"]


def test_the_shipped_mapping_of_tags_is_pulled_and_revoked(inlet: Inlet, tags: Tags) -> None:
    describe(inlet.feeds, tags)
    feed = inlet.feeds / "tags.yaml"
    feed.write_text(feed.read_text().replace("mapping/tags.yaml", "third_party_tags"))
    said = {"provider": "P1", "mark": "推销", "confidence": 0.8, "tagged_at": START}
    tags.changes = [said | {"tag": f"T{n}", "number": f"1390000000{n}"} for n in range(2)]
    inlet.pull("tags")
    reader = inlet.desk.reader
    provider = int(reader.lookup("Provider", ["P1"])[0])
    tagged = NeighbourQuery(provider, "TAGGED", "out")
    assert reader.neighbours(tagged).total == 2
    before = inlet.clock.now_ms()
    tags.changes.append(tags.changes[0] | {"revoked_at": before})
    inlet.pull("tags")
    assert reader.neighbours(tagged).total == 1
    assert reader.neighbours(tagged, AsOf(known_at=before)).total == 2, "as it was known then"


def test_changes_of_one_tag_within_a_page_are_applied_in_order(inlet: Inlet, tags: Tags) -> None:
    describe(inlet.feeds, tags)
    tags.changes = [tag(1), tag(2), tag(1, "催收"), tag(3), tag(1, "诈骗"), tag(1, "诈骗")]
    turn = inlet.pull("tags")
    assert sum(file.rejected for file in turn.files) == 0
    assert sum(file.rows for file in turn.files) == 6
    assert [inlet.category(number) for number in (1, 2, 3)] == ["诈骗", "推销", "推销"]


def test_a_row_that_cannot_be_used_is_set_aside_and_the_rest_loaded(
    inlet: Inlet, tags: Tags
) -> None:
    describe(inlet.feeds, tags)
    nameless = [tag(number) | {"tag": None} for number in (3, 4)]
    tags.changes = [tag(1), tag(2) | {"from": "soon"}, *nameless, tag(5)]
    turn = inlet.pull("tags")
    assert [(file.loaded, file.rejected) for file in turn.files] == [(2, 3)]
    assert inlet.source("tags").rejected == 3
    spool = inlet.place.folder / "spool" / "tags"
    assert spool.stat().st_mode & 0o077 == 0, "pages hold personal data"


@pytest.mark.parametrize(
    "fault",
    [
        (503, {}, b"busy"),
        (429, {"retry-after": "7"}, b""),
        (200, {"content-length": "5000"}, b'{"rows": ['),
    ],
    ids=["busy", "too many", "broken off"],
)
def test_what_passes_by_itself_is_tried_again(
    inlet: Inlet, tags: Tags, fault: tuple[int, dict[str, str], bytes], pauses: list[float]
) -> None:
    describe(inlet.feeds, tags)
    tags.changes, tags.faults = [tag(1)], [fault, fault]
    assert [file.loaded for file in inlet.pull("tags").files] == [1]
    assert pauses == ([7, 7] if fault[0] == 429 else [1, 2])


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Pauses that were made, without making them."""
    made: list[float] = []
    usual = http.HttpPull.__init__

    def built(
        self: http.HttpPull, feed: HttpFeed, pause: Callable[[float], None] = made.append
    ) -> None:
        usual(self, feed, pause)

    monkeypatch.setattr(http.HttpPull, "__init__", built)
    return made


def test_a_service_that_stays_away_is_named_and_loses_nothing(
    inlet: Inlet, tags: Tags, pauses: list[float]
) -> None:
    describe(inlet.feeds, tags)
    tags.changes = [tag(i) for i in range(150)]
    inlet.pull("tags")
    tags.changes += [tag(i) for i in range(150, 350)]
    tags.asked.clear()
    tags.faults = [(500, {}, b"")] * http.ATTEMPTS
    with pytest.raises(StoreUnavailable, match="tags: the service does not answer: status 500"):
        inlet.pull("tags")
    assert pauses == [1, 2, 4, 8]
    assert [file.loaded for file in inlet.pull("tags").files] == [100, 100]
    assert tags.asked[-3:] == ["150", "250", "350"]


@pytest.mark.parametrize(
    ("status", "body", "told"),
    [
        (403, b"", "status 403"),
        (404, b"", "status 404"),
        (302, b"", "status 302"),
        (200, b"<html>", "no JSON"),
        (200, b"[]", "no JSON object"),
        (200, b'{"items": []}', "'rows' is no list of objects"),
        (200, b'{"rows": [1], "next": "9"}', "'rows' is no list of objects"),
        (200, b'{"rows": [], "next": {}}', "'next' is neither a text nor a number"),
        (200, b'{"rows": [{"tag": "x"}], "next": "1"}', "it brings rows without moving on"),
    ],
)
def test_an_answer_that_is_no_page_is_refused_at_once(
    inlet: Inlet, tags: Tags, status: int, body: bytes, told: str
) -> None:
    describe(inlet.feeds, tags)
    tags.changes = [tag(1)]
    inlet.pull("tags")
    tags.asked.clear()
    elsewhere = {"location": "http://127.0.0.1:1/changes"} if status == 302 else {}
    tags.faults = [(status, elsewhere, body)]
    with pytest.raises(BadInput, match=f"tags: the service's answer cannot be used: {told}"):
        inlet.pull("tags")
    assert tags.asked == ["1"]
    tags.changes.append(tag(2))
    assert [file.loaded for file in inlet.pull("tags").files] == [1]


def test_a_page_that_is_too_large_is_refused(
    inlet: Inlet, tags: Tags, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "MOST_BYTES", 1 << 20)
    describe(inlet.feeds, tags)
    tags.faults = [(200, {}, b" " * (2 << 20))]
    with pytest.raises(LimitExceeded, match="a page of more than 1 MiB"):
        inlet.pull("tags")


def test_a_service_that_trickles_is_given_up(
    inlet: Inlet, tags: Tags, monkeypatch: pytest.MonkeyPatch, pauses: list[float]
) -> None:
    monkeypatch.setattr(http, "WHOLE_SECONDS", -1)
    describe(inlet.feeds, tags)
    tags.changes = [tag(1)]
    with pytest.raises(StoreUnavailable, match="no whole page within"):
        inlet.pull("tags")
    assert len(pauses) == http.ATTEMPTS - 1


def test_the_key_comes_from_the_environment_and_is_never_shown(
    inlet: Inlet, tags: Tags, monkeypatch: pytest.MonkeyPatch
) -> None:
    describe(inlet.feeds, tags, f"secret: {KEY}\n")
    with pytest.raises(ConfigError, match=f"the variable {KEY} holds no key"):
        inlet.pull("tags")
    monkeypatch.setenv(KEY, "open-sesame")
    tags.faults = [(401, {}, b"open-sesame")]
    with pytest.raises(BadInput) as told:
        inlet.pull("tags")
    assert "open-sesame" not in str(told.value)
    inlet.pull("tags")
    assert set(tags.keys) == {"Bearer open-sesame"}


def test_two_processes_never_pull_the_same_feed(inlet: Inlet, tags: Tags) -> None:
    describe(inlet.feeds, tags)
    spool = Spool(inlet.place.folder / "spool" / "tags", "tags")
    with spool.held(), pytest.raises(Conflict, match="another process is fetching tags"):
        inlet.pull("tags")
    assert inlet.pull("tags").files == []


def test_a_page_taken_but_not_loaded_is_loaded_first(
    inlet: Inlet, tags: Tags, monkeypatch: pytest.MonkeyPatch
) -> None:
    describe(inlet.feeds, tags)
    tags.changes = [tag(i) for i in range(150)]
    with inlet.place.store.writer("another"), pytest.raises(Conflict):
        inlet.pull("tags")
    assert inlet.category(1) is None
    monkeypatch.setattr(tags, "page", 7)
    turn = inlet.pull("tags")
    assert [file.loaded for file in turn.files] == [100, *[7] * 7, 1]
    assert tags.asked[:2] == [None, "100"], "what was taken is not asked for again"


def test_a_token_of_one_service_is_not_shown_to_another(inlet: Inlet, tags: Tags) -> None:
    describe(inlet.feeds, tags)
    tags.changes = [tag(1)]
    inlet.pull("tags")
    with serving(Tags([tag(2), tag(3)])) as other:
        describe(inlet.feeds, other)
        assert [file.loaded for file in inlet.pull("tags").files] == [2]
        assert other.asked == [None, "2"]


def test_a_page_that_was_written_and_never_taken_is_fetched_again(inlet: Inlet, tags: Tags) -> None:
    describe(inlet.feeds, tags)
    tags.changes = [tag(1)]
    spool = inlet.place.folder / "spool" / "tags"
    spool.mkdir(parents=True)
    (spool / "tags-00000001.jsonl").write_text('{"$page":1,"tag":"T9","number":"9"}\n')
    (spool / "tags-00000002.part").write_text('{"$page":2,"tag":"T9"')
    assert [file.loaded for file in inlet.pull("tags").files] == [1]
    assert inlet.desk.node("Phone", "9") is None
    assert [file.name for file in spool.iterdir()] == ["lock"]


def test_what_a_feed_may_not_say(tmp_path: Path, tags: Tags) -> None:
    def complaint(**said: str) -> str:
        describe(tmp_path, tags)
        lines = (tmp_path / "tags.yaml").read_text().splitlines()
        kept = [line for line in lines if line.partition(":")[0] not in said]
        text = "\n".join([*kept, *(f"{key}: {value}" for key, value in said.items())])
        (tmp_path / "tags.yaml").write_text(text)
        with pytest.raises(GraphRiskError) as told:
            read_feed(tmp_path / "tags.yaml")
        return f"{told.value.code} {told.value}"

    assert "tags.yaml: url: must be https" in complaint(url="http://tags.example/changes")
    assert "url: holds a user" in complaint(url="https://me:pw@tags.example/")
    for url in ("https://me:pw@tags.example/", "'https://me:pw@['"):
        assert "me:pw" not in complaint(url=url)
    assert "tags.yaml: url: is no address" in complaint(url="'https://me:pw@['")
    assert "tags.yaml: url: must be a text, not 2024-01-02" in complaint(url="2024-01-02")
    assert "tags.yaml: url: line 5: '2024-02-30' looks like" in complaint(url="2024-02-30")
    assert "tags.yaml: secret: must be a text, not .nan" in complaint(secret=".nan")
    assert "tags.yaml: not YAML: line " in complaint(url="[")
    assert "every: must be a time like" in complaint(every="often")
    assert "mapping: no mapping 'ghost'" in complaint(mapping="ghost")
    assert "persons reads csv" in complaint(mapping="persons")
    assert "query: no such key here" in complaint(query="SELECT 1")
    assert "kind: 'ftp' is none of folder, http, postgres" in complaint(kind="ftp")
    assert "name: must be 'tags', as the file is called" in complaint(name="other")
    full = (tmp_path / "mapping" / "tags.yaml").read_text().replace("delta", "full")
    (tmp_path / "full.yaml").write_text(full)
    assert "tags needs all rows at once" in complaint(mapping="full.yaml")
    with pytest.raises(GraphRiskError, match="no feed 'ghost'; there are: tags"):
        find_feed([tmp_path / "tags.yaml"], "ghost")


def test_a_tag_that_ends_later_holds_until_then(inlet: Inlet, tags: Tags) -> None:
    describe(inlet.feeds, tags)
    tags.changes = [tag(1, revoked=START + 400 * DAY)]
    inlet.pull("tags")
    assert inlet.category(1) == "推销"
