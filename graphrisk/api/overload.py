"""What a document may repeat at most, seen before it is validated.

Validating compares every two fields of one name in a selection, and counts what is unknown one by
one: a text of a thousand tokens can keep a core busy for seconds before any other limit is looked
at. One walk over the document, about as long as the document itself, refuses such texts first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
)

from graphrisk.core.errors import LimitExceeded

MOST = {
    "fields": 400,
    "aliases": 30,
    "directives": 20,
    "fragments": 30,
    "uses of fragments": 60,
    "variables": 60,
    "uses of one name in a selection": 8,
}
#: No selection of a document that parses within the limit of tokens is deeper and well-meant.
_DEEPEST = 40
_USES = "uses of one name in a selection"


@dataclass(slots=True)
class _Selected:
    """Names that one selection asks for, inline fragments within; fragments by their names."""

    names: Counter[str] = field(default_factory=Counter)
    spreads: set[str] = field(default_factory=set)


class _Walk:
    """Counts over a whole document."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.all: list[_Selected] = []

    def selection(self, selection: SelectionSetNode, level: int) -> _Selected:
        """Count a selection of objects, and all within it."""
        selected = _Selected()
        self.all.append(selected)
        self._add(selection, selected, level)
        return selected

    def _add(self, selection: SelectionSetNode, to: _Selected, level: int) -> None:
        if level > _DEEPEST:
            raise LimitExceeded(f"a document has at most {_DEEPEST} levels of selections")
        for node in selection.selections:
            self.counts["directives"] += len(node.directives or ())
            if isinstance(node, InlineFragmentNode):
                self._add(node.selection_set, to, level + 1)
            elif isinstance(node, FragmentSpreadNode):
                self.counts["uses of fragments"] += 1
                to.spreads.add(node.name.value)
            elif isinstance(node, FieldNode):
                self._field(node, to, level)

    def _field(self, node: FieldNode, to: _Selected, level: int) -> None:
        self.counts["fields"] += 1
        self.counts["aliases"] += node.alias is not None
        to.names[(node.alias or node.name).value] += 1
        if node.selection_set is not None:
            self.selection(node.selection_set, level + 1)


def refuse_overload(document: DocumentNode) -> None:
    """``LimitExceeded`` for a document that repeats itself too often."""
    walk, fragments = _Walk(), dict[str, _Selected]()
    for one in document.definitions:
        if isinstance(one, OperationDefinitionNode | FragmentDefinitionNode):
            walk.counts["directives"] += len(one.directives or ())
            walk.counts["variables"] += len(one.variable_definitions or ())
            selected = walk.selection(one.selection_set, 1)
            if isinstance(one, FragmentDefinitionNode):
                walk.counts["fragments"] += 1
                fragments[one.name.value] = selected
    _refuse(walk.counts)
    _refuse({_USES: max((_uses(one, fragments) for one in walk.all), default=0)})


def _uses(selected: _Selected, fragments: Mapping[str, _Selected]) -> int:
    """How often a selection names one thing at most, each fragment within it counted once."""
    names, ahead, seen = Counter(selected.names), list(selected.spreads), set[str]()
    while ahead:
        name = ahead.pop()
        if name in seen or name not in fragments:
            continue
        seen.add(name)
        names.update(fragments[name].names)
        ahead.extend(fragments[name].spreads)
    return max(names.values(), default=0)


def _refuse(counts: Mapping[str, int]) -> None:
    for name, count in counts.items():
        if count > MOST[name]:
            raise LimitExceeded(f"a document has at most {MOST[name]} {name}, this one has {count}")
