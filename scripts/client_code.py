"""The client's code, from the schema and from its documents (``graphrisk/client/documents``).

Each document becomes a module: a class for each fragment and each object that an operation asks
for, and a function for each operation. What all share (kinds, inputs) has modules of its own.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from functools import cache, partial
from pathlib import Path

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLNamedType,
    GraphQLSchema,
    OperationDefinitionNode,
    Visitor,
    build_schema,
    parse,
    print_ast,
    strip_ignored_characters,
    validate,
    visit,
)

from graphrisk.api import schema as api
from scripts.client_names import HEAD, enums, inputs
from scripts.client_parts import Module

ROOT = Path(__file__).parents[1]
DOCUMENTS = ROOT / "graphrisk" / "client" / "documents"
OPERATIONS = ROOT / "graphrisk" / "client" / "operations"
_TIDY = (
    "--quiet",
    "--fix",
    "--select",
    "F401,I",
    "--config",
    "lint.isort.split-on-trailing-comma=false",
)
_LOOSE = ("--config", "format.skip-magic-trailing-comma=true")
Fragments = Mapping[str, tuple[str, FragmentDefinitionNode]]


def files() -> dict[Path, Callable[[], str]]:
    """Each generated file and what renders it."""
    named = {OPERATIONS / f"{name}.py": name for name in _documents()}
    return {
        OPERATIONS / "__init__.py": lambda: HEAD.format(what="Operations, by what they are about."),
        OPERATIONS / "kinds.py": lambda: _formatted(enums(_enums())),
        OPERATIONS / "inputs.py": lambda: _formatted(
            inputs(_inputs(), [one.name for one in _enums()])
        ),
        OPERATIONS / "documents.json": _texts,
        **{file: partial(_module, name) for file, name in named.items()},
    }


@cache
def _schema() -> GraphQLSchema:
    return build_schema(api.render())


@cache
def _documents() -> dict[str, DocumentNode]:
    """Documents by name. ``ValueError`` for one that does not fit the schema."""
    found = {
        file.stem: parse(file.read_text(encoding="utf-8"), no_location=True)
        for file in sorted(DOCUMENTS.glob("*.graphql"))
    }
    whole = DocumentNode(
        definitions=tuple(one for doc in found.values() for one in doc.definitions)
    )
    if errors := validate(_schema(), whole):
        raise ValueError("; ".join(one.message for one in errors))
    return found


@cache
def _fragments() -> Fragments:
    return {
        one.name.value: (module, one)
        for module, document in _documents().items()
        for one in document.definitions
        if isinstance(one, FragmentDefinitionNode)
    }


def _enums() -> list[GraphQLEnumType]:
    return [one for one in _types() if isinstance(one, GraphQLEnumType)]


def _inputs() -> list[GraphQLInputObjectType]:
    return [one for one in _types() if isinstance(one, GraphQLInputObjectType)]


def _types() -> list[GraphQLNamedType]:
    return [one for name, one in sorted(_schema().type_map.items()) if not name.startswith("__")]


def _module(name: str) -> str:
    module = Module(name, _schema(), _fragments())
    ordered = sorted(_documents()[name].definitions, key=lambda one: one.kind)
    for one in ordered:  # classes of fragments first, since others stand on them
        if isinstance(one, FragmentDefinitionNode):
            module.fragment(one)
        elif isinstance(one, OperationDefinitionNode):
            module.operation(one)
    return _formatted(module.text())


def _texts() -> str:
    """All operations by name, as they are sent."""
    texts = {}
    for document in _documents().values():
        for one in document.definitions:
            if isinstance(one, OperationDefinitionNode):
                assert one.name is not None
                used = [_fragments()[name][1] for name in sorted(_used(one))]
                text = print_ast(DocumentNode(definitions=(one, *used)))
                texts[one.name.value] = strip_ignored_characters(text)
    return json.dumps(texts, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def _used(node: OperationDefinitionNode | FragmentDefinitionNode) -> set[str]:
    """Fragments that are spread in it, and in these."""
    found: set[str] = set()

    class Spreads(Visitor):
        def enter_fragment_spread(self, spread: FragmentSpreadNode, *_: object) -> None:
            found.add(spread.name.value)

    visit(node, Spreads())
    return found.union(*(_used(_fragments()[name][1]) for name in found))


def _formatted(text: str) -> str:
    """As the house formats code, without imports that are not used."""
    for command in (["check", *_TIDY], ["format", "--quiet", *_LOOSE]):
        ran = subprocess.run(
            [sys.executable, "-m", "ruff", *command, "--stdin-filename", str(OPERATIONS / "x.py")],
            input=text,
            capture_output=True,
            text=True,
            cwd=ROOT,
        )
        if ran.returncode:
            raise ValueError(f"{ran.stderr}\n{text}")
        text = ran.stdout
    return text
