"""YAML as people write it by hand: what it says, and plain words for what cannot be read."""

from __future__ import annotations

from typing import Any

import yaml

_LONGEST = 60
_MOST_BITS = 256  # of a whole number that is shown in digits
_NOT_READ = (ArithmeticError, AttributeError, LookupError, ValueError)


class YamlFault(Exception):
    """A text that is no YAML, or says something at ``place`` that cannot be read."""

    def __init__(self, place: str, what: str) -> None:
        self.place, self.what = place, what
        super().__init__(": ".join(filter(None, (place, what))))


class _Unreadable(Exception):
    """A fault at a node, whose place is not known yet."""

    def __init__(self, node: yaml.Node, what: str) -> None:
        self.node, self.what = node, what


class _Loader(yaml.SafeLoader):
    """YAML in which a key that stands twice at one place is a fault: one would silently win."""

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        try:
            return super().construct_object(node, deep)
        except _NOT_READ as error:
            what = f"{shown(node.value)} looks like a date or a number and is none"
            raise _Unreadable(node, f"{what}: in quotes it is a text") from error

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        _refuse_twice(node)
        found: dict[Any, Any] = super().construct_mapping(node, deep)
        return found


def read_yaml(text: str) -> object:
    """What a text says.

    Raises:
        YamlFault: it is no YAML, names a key twice, or writes a date, number or depth that cannot
            be.
    """
    try:
        loader = _Loader(text)
        root = loader.get_single_node()
        return None if root is None else _constructed(loader, root)
    except yaml.MarkedYAMLError as error:
        raise YamlFault("", f"not YAML: {_line(error.problem_mark)}{error.problem}") from error
    except yaml.YAMLError as error:
        raise YamlFault("", f"not YAML: {str(error).splitlines()[0]}") from error
    except RecursionError as error:
        raise YamlFault("", "not YAML that can be read: it has too many levels") from error


def shown(value: object) -> str:
    """A value as YAML writes it, cut after 60 signs; of what lies deeper only that it is there."""
    if isinstance(value, list):
        return _cut(f"[{', '.join(map(_part, value[:_LONGEST]))}]")
    return _cut(_part(value))


def _part(value: object) -> str:
    if isinstance(value, str):
        return repr(value[: _LONGEST + 1])
    if isinstance(value, list | dict | set | tuple):
        return "a list" if isinstance(value, list | tuple) else "keys with values"
    if isinstance(value, int) and value.bit_length() > _MOST_BITS:
        return "a number of very many digits"
    text = yaml.safe_dump(value).removesuffix("\n").removesuffix("\n...")
    return " ".join(text.split())


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _refuse_twice(node: yaml.Node) -> None:
    parts = node.value if isinstance(node, yaml.MappingNode) else []
    names = [key.value for key, _ in parts if isinstance(key, yaml.ScalarNode)]
    for name in names:
        if names.count(name) > 1:
            raise _Unreadable(node, f"{name} stands twice")


def _constructed(loader: _Loader, root: yaml.Node) -> object:
    try:
        return loader.construct_document(root)
    except _Unreadable as fault:
        what = f"{_line(fault.node.start_mark)}{fault.what}"
        raise YamlFault(_place(root, fault.node), what) from fault


def _line(mark: yaml.Mark | None) -> str:
    return "" if mark is None else f"line {mark.line + 1}: "


def _place(root: yaml.Node, wanted: yaml.Node) -> str:
    """The keys that lead to a node; of a list all parts have its place."""
    waiting, seen = [("", root)], {id(root)}
    while waiting:
        place, node = waiting.pop()
        if node is wanted:
            return place
        below = [(place, part) for part in node.value if isinstance(part, yaml.Node)]
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                name = key.value if isinstance(key, yaml.ScalarNode) else "?"
                below += [(place, key), (f"{place}.{name}".strip("."), value)]
        waiting += [one for one in below if id(one[1]) not in seen]
        seen |= {id(part) for _, part in below}
    return ""
