"""Pull from a real PostgreSQL: all rows of a query, or those behind the last one seen."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from graphrisk.core.errors import BadInput, ConfigError, GraphRiskError, StoreUnavailable
from graphrisk.ingest.feeds import postgres
from graphrisk.ingest.feeds.config import read_feed
from tests.ingest.feeds.conftest import Inlet

_MAPPING = """
name: registry
files: ["registry-*.jsonl"]
format: jsonl
mode: MODE
id: account_no
nodes:
  - kind: Account
    key: account_no
    properties:
      bank: bank
      opened_at: {column: opened, as: time, format: "%Y-%m-%dT%H:%M:%S"}
      balance: {column: balance, as: yuan}
"""
_TABLE = """
CREATE TABLE account (
  account_no text, bank text, opened timestamp, balance numeric(12,2), change bigint
);
INSERT INTO account SELECT 'A' || i, '银行' || i % 3, timestamp '2024-03-01 08:00:00', i + 0.25, i
FROM generate_series(1, 25) i
"""
_GROWING = "after: change\n"


@pytest.fixture
def bank(postgres_url: str) -> str:
    """A bank's own database."""
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(_TABLE)
    return postgres_url


@pytest.fixture(autouse=True)
def _small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "PAGE_ROWS", 10)


def _describe(
    feeds: Path, url: str, mode: str, more: str = "", query: str = "SELECT * FROM account"
) -> None:
    (feeds / "mapping").mkdir(parents=True, exist_ok=True)
    mapping = _MAPPING.replace("MODE", mode)
    (feeds / "mapping" / "registry.yaml").write_text(mapping, encoding="utf-8")
    (feeds / "registry.yaml").write_text(
        "name: registry\nkind: postgres\nevery: 1 hour\nmapping: mapping/registry.yaml\n"
        f"url: {url}\nquery: |\n  {query}\n{more}"
    )


def _change(url: str, *statements: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def test_a_whole_query_is_a_full_delivery(inlet: Inlet, bank: str) -> None:
    _describe(inlet.feeds, bank, "full")
    (file,) = inlet.pull("registry").files
    assert (file.rows, file.loaded) == (25, 25)
    account = inlet.desk.node("Account", "A7")
    assert account is not None
    assert (account["bank"], account["balance"]) == ("银行1", 725)
    assert account["opened_at"] == 1_709_251_200_000, "eight o'clock in Shanghai"
    _change(
        bank,
        "DELETE FROM account WHERE account_no = 'A7'",
        "UPDATE account SET bank = 'x' WHERE account_no = 'A8'",
    )
    (file,) = inlet.pull("registry").files
    assert (file.loaded, file.unchanged, file.closed) == (1, 23, 1)
    (same,) = inlet.pull("registry").files
    assert (same.loaded, same.unchanged, same.closed) == (0, 24, 0)


def test_a_whole_query_without_rows_ends_nothing(inlet: Inlet, bank: str) -> None:
    _describe(inlet.feeds, bank, "full")
    inlet.pull("registry")
    _change(bank, "DELETE FROM account")
    (file,) = inlet.pull("registry").files
    assert (file.rows, file.closed) == (0, 0)
    assert file.note == "nothing was closed: the delivery names nothing"


def test_only_rows_behind_the_last_one_are_fetched_and_equal_ones_stay_together(
    inlet: Inlet, bank: str
) -> None:
    _change(bank, "UPDATE account SET change = 10 WHERE change BETWEEN 10 AND 13")
    _describe(inlet.feeds, bank, "delta", _GROWING)
    assert [file.rows for file in inlet.pull("registry").files] == [13, 10, 2]
    assert inlet.pull("registry").files == []
    _change(bank, "UPDATE account SET bank = 'x', change = 26 WHERE account_no = 'A1'")
    assert [(file.rows, file.loaded) for file in inlet.pull("registry").files] == [(1, 1)]
    _change(bank, "UPDATE account SET bank = '银行1', change = 27 WHERE account_no = 'A1'")
    assert [(file.rows, file.loaded) for file in inlet.pull("registry").files] == [(1, 1)]
    account = inlet.desk.node("Account", "A1")
    assert account is not None
    assert account["bank"] == "银行1", "back to what it was is a change too"


def test_a_column_of_times_may_be_what_grows(inlet: Inlet, bank: str) -> None:
    _change(
        bank,
        "ALTER TABLE account ADD changed timestamptz",
        "UPDATE account SET changed = timestamptz '2024-03-01 00:00:00.123456Z'"
        " + change * interval '1 microsecond'",
    )
    _describe(inlet.feeds, bank, "delta", "after: changed\n")
    assert [file.rows for file in inlet.pull("registry").files] == [10, 10, 5]
    assert inlet.pull("registry").files == []


def test_a_percent_sign_and_a_semicolon_are_the_queries_own(inlet: Inlet, bank: str) -> None:
    query = "SELECT * FROM account WHERE account_no LIKE 'A2%';"
    _describe(inlet.feeds, bank, "delta", _GROWING, query)
    assert sum(file.rows for file in inlet.pull("registry").files) == 7
    assert inlet.pull("registry").files == []
    _describe(inlet.feeds, bank, "full", "", query)
    assert sum(file.rows for file in inlet.pull("registry").files) == 7


def test_a_query_can_change_nothing(inlet: Inlet, bank: str) -> None:
    _change(
        bank,
        "CREATE FUNCTION wipe() RETURNS bigint LANGUAGE sql AS"
        " 'WITH gone AS (DELETE FROM account RETURNING 1) SELECT count(*) FROM gone'",
    )
    _describe(inlet.feeds, bank, "full", "", "SELECT *, wipe() FROM account")
    with pytest.raises(BadInput, match=r"cannot execute .* in a read-only transaction"):
        inlet.pull("registry")
    with psycopg.connect(bank) as connection:
        assert connection.execute("SELECT count(*) FROM account").fetchone() == (25,)


@pytest.mark.parametrize(
    ("query", "more", "told"),
    [
        ("SELECT * FROM ghost", "", 'relation "ghost" does not exist'),
        ("SELECT FROM WHERE", "", "syntax error"),
        ("SELECT * FROM account", "after: ghost\n", "column q.ghost does not exist"),
        (
            "SELECT *, NULLIF(change, 5) AS grows FROM account",
            "after: grows\n",
            "registry: grows is null in a row",
        ),
    ],
)
def test_a_query_that_fails_is_told_and_leaves_nothing(
    inlet: Inlet, bank: str, query: str, more: str, told: str
) -> None:
    _describe(inlet.feeds, bank, "delta", more, query)
    with pytest.raises(BadInput, match=told):
        inlet.pull("registry")
    assert inlet.desk.reader.version() == 0
    _describe(inlet.feeds, bank, "delta", _GROWING)
    assert sum(file.loaded for file in inlet.pull("registry").files) == 25


def test_a_server_that_is_away_is_named_without_its_password(
    inlet: Inlet, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = "postgresql://reader@127.0.0.1:1/bank"
    _describe(inlet.feeds, url, "full", "secret: BANK_TEST_PASSWORD\n")
    with pytest.raises(ConfigError, match="the variable BANK_TEST_PASSWORD holds no password"):
        inlet.pull("registry")
    monkeypatch.setenv("BANK_TEST_PASSWORD", "open-sesame")
    with pytest.raises(StoreUnavailable, match="registry: ") as told:
        inlet.pull("registry")
    assert "open-sesame" not in str(told.value)


@pytest.mark.parametrize(
    "url", ["postgresql://me:pw@host/bank", "postgresql://host/bank?password=pw", "mysql://host/x"]
)
def test_urls_that_are_refused(inlet: Inlet, url: str) -> None:
    _describe(inlet.feeds, url, "full")
    with pytest.raises(GraphRiskError, match=r"registry\.yaml: url: ") as told:
        read_feed(inlet.feeds / "registry.yaml")
    assert "pw" not in str(told.value)
