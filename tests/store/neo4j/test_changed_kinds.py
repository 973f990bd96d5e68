"""Commits tell what kinds they touched, so that a copy asks for these alone."""

from __future__ import annotations

from graphrisk.store.neo4j.local import Address
from graphrisk.store.neo4j.store import Neo4jStore
from graphrisk_schema.reader import load_schema
from tests.contract.deliveries import assertions, batch, ids, read, states
from tests.servers import driver_of


def test_commits_tell_what_kinds_they_touched(
    neo4j_store: Neo4jStore, neo4j_address: Address
) -> None:
    with neo4j_store.writer("test") as writer:
        people = writer.resolve("Person", ["P1", "P2"])
        writer.commit()
        accounts = writer.resolve("Account", ["6200000000000001"])
        writer.upsert_edges("HOLDS", states(people[:1], accounts, [1]), batch())
        writer.commit()
        writer.upsert_nodes("Person", assertions(people[:1], [2], name=["a"]), batch())
        writer.commit()
        writer.delete(ids(int(people[1])))
        writer.commit()
    reader = read(neo4j_store)
    assert [reader.changed_kinds(at, at + 1) for at in range(4)] == [
        {"Person"}, {"Account", "HOLDS"}, {"Person"}, set()
    ]  # fmt: skip
    assert reader.changed_kinds(0, 4) == {"Person", "Account", "HOLDS"}
    assert reader.changed_kinds(4, 4) == set()
    with driver_of(neo4j_address) as driver, driver.session() as session:
        # As a commit of an older release, or one that an import brought: nothing is known of it.
        session.run("MATCH (c:Committed {version: 2}) REMOVE c.kinds").consume()
    schema = load_schema()
    assert reader.changed_kinds(1, 3) == {*schema.nodes, *schema.edges}
    assert reader.changed_kinds(2, 4) == {"Person"}
