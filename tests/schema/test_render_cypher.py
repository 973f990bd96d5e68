from __future__ import annotations

from dataclasses import replace
from importlib.resources import files

import pytest

from graphrisk_schema import render_cypher
from graphrisk_schema.reader import load_schema


def test_shipped_constraints_are_those_of_the_vocabulary() -> None:
    shipped = files("graphrisk_schema").joinpath(render_cypher.FILE).read_text(encoding="utf-8")
    assert shipped == render_cypher.render(load_schema()), (
        "run python -m graphrisk_schema.render_cypher"
    )


def test_every_statement_may_run_again_and_names_what_it_makes() -> None:
    statements = render_cypher.statements()
    assert all(" IF NOT EXISTS " in text for text in statements)
    names = [render_cypher.name_of(text) for text in statements]
    assert len(set(names)) == len(names)


def test_property_with_a_name_of_the_store_is_refused() -> None:
    schema = load_schema()
    person = schema.nodes["Person"]
    clash = replace(person, properties=(replace(person.properties[0], name="akey"),))
    with pytest.raises(ValueError, match=r"Person.*akey"):
        render_cypher.render(replace(schema, nodes={"Person": clash}, edges={}))
