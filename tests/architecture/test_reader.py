"""Every read of the graph goes through a Reader with a scope and a purpose."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from inspect import getmembers, isfunction
from pathlib import Path

from graphrisk.store.contract import Reader, Store, Writer
from graphrisk.store.neo4j.reader import Neo4jReader
from graphrisk.store.neo4j.store import Neo4jStore
from graphrisk.store.neo4j.writer import Neo4jWriter
from graphrisk.store.sqlite.reader import SqliteReader
from graphrisk.store.sqlite.store import SqliteStore
from graphrisk.store.sqlite.writer import SqliteWriter

ROOT = Path(__file__).parents[2]
PACKAGES = ("graphrisk", "schema", "loaders", "algorithms")
#: Which folder alone may import a driver, and which alone may name the engine's classes.
DRIVERS = {"apsw": "graphrisk/store/sqlite/", "neo4j": "graphrisk/store/neo4j/"}
OPENERS = ("graphrisk/store/open.py",)
#: Who may open the door: the layers that act for a principal or run on behalf of the service.
ENTRIES = tuple(
    f"graphrisk/{layer}/"
    for layer in ("ingest", "analysis", "centre", "analyst", "api", "worker", "cli")
)


def _sources() -> Iterator[tuple[str, ast.Module]]:
    for package in PACKAGES:
        for file in sorted((ROOT / package).rglob("*.py")):
            yield str(file.relative_to(ROOT)), ast.parse(file.read_text(encoding="utf-8"))


def _imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module


def test_drivers_are_imported_by_their_adapters_only() -> None:
    strangers = [
        f"{name} imports {module}"
        for name, tree in _sources()
        for module in _imports(tree)
        for driver, home in DRIVERS.items()
        if module.split(".")[0] == driver and not name.startswith(home)
    ]
    assert strangers == []


def test_engines_are_named_where_a_store_is_opened_only() -> None:
    """Others hold a ``Store``: what they can read, they read through ``reader``."""
    modules = {
        f"graphrisk.store.{engine}.{part}"
        for engine in ("sqlite", "neo4j")
        for part in ("store", "reader", "writer", "connection")
    }
    strangers = [
        f"{name} imports {module}"
        for name, tree in _sources()
        for module in _imports(tree)
        if module in modules and not name.startswith((*DRIVERS.values(), *OPENERS))
    ]
    assert strangers == []


def test_readers_are_opened_by_entry_points_only() -> None:
    strangers = [
        f"{name}:{node.lineno}"
        for name, tree in _sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "reader"
        and ast.unparse(node.func) != "csv.reader"
        and not name.startswith((*ENTRIES, *DRIVERS.values()))
    ]
    assert strangers == []


def test_the_command_line_reads_through_the_door_that_records() -> None:
    """Only ``Deployment`` opens readers, and what it hands out is recorded."""
    strangers = [
        f"{name}:{node.lineno}"
        for name, tree in _sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and name.startswith("graphrisk/cli/")
        and name != "graphrisk/cli/deployment.py"
        and ast.unparse(node.func).endswith(("store.reader", "Inquiry", "export_parquet"))
    ]
    assert strangers == []


def test_a_store_offers_no_reads_of_its_own() -> None:
    """``health`` and ``passed`` tell about the store, nothing that is in the graph."""
    offered = {"migrate", "reader", "writer", "health", "passed", "close"}
    for store in (Store, SqliteStore, Neo4jStore):
        assert _public(store) == offered, store


def test_engines_offer_the_contract_and_nothing_else() -> None:
    for contract, engines in (
        (Reader, (SqliteReader, Neo4jReader)),
        (Writer, (SqliteWriter, Neo4jWriter)),
        (Store, (SqliteStore, Neo4jStore)),
    ):
        for engine in engines:
            assert _signatures(engine) == _signatures(contract), engine


def _public(kind: type) -> set[str]:
    return {name for name, _ in getmembers(kind, isfunction) if not name.startswith("_")}


def _signatures(kind: type) -> dict[str, list[str]]:
    """Parameter names with their defaults, by method."""
    found = {}
    for name in _public(kind):
        method = getattr(kind, name)
        parameters = list(method.__code__.co_varnames[: method.__code__.co_argcount])
        found[name] = [*parameters, *map(repr, method.__defaults__ or ())]
    return found
