"""Checks of documents and of the schema itself, outside any request."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.resources import files

from graphql import (
    BreakingChangeType,
    GraphQLError,
    OperationDefinitionNode,
    build_schema,
    find_breaking_changes,
    parse,
    validate,
)

from graphrisk.api import schema as api
from graphrisk.api.limits import MOST_TOKENS
from graphrisk.api.overload import refuse_overload
from graphrisk.core.errors import LimitExceeded

#: The schema as the last release printed it, within the vocabulary's package.
RELEASED = "graphql/released.graphql"
#: Breaks that were decided on, each with its reason.
ACCEPTED = "graphql/accepted-breaks.yaml"


def check_document(text: str) -> Iterator[str]:
    """What is wrong with a document: it does not parse, does not fit, or repeats itself."""
    try:
        document = parse(text, max_tokens=MOST_TOKENS)
        refuse_overload(document)
    except (GraphQLError, LimitExceeded) as refused:
        yield str(refused).partition("\n")[0]
        return
    for error in validate(api.build_schema()._schema, document):
        yield error.message


def operations_of(text: str) -> list[str]:
    """Names of a document's operations; the kind of one that has no name."""
    return [
        one.operation.value if one.name is None else one.name.value
        for one in parse(text).definitions
        if isinstance(one, OperationDefinitionNode)
    ]


def breaks(before: str, after: str) -> list[str]:
    """What clients of the schema ``before`` would miss in ``after``, one line each, sorted."""
    found = find_breaking_changes(build_schema(before), build_schema(after))
    return sorted(f"{BreakingChangeType(one.type).name}: {one.description}" for one in found)


def judged(found: list[str], accepted: Mapping[str, str]) -> list[str]:
    """Complaints: breaks that nobody accepted, and acceptances of what breaks nothing."""
    unknown = [f"not accepted: {one}" for one in found if one not in accepted]
    return unknown + [f"breaks nothing: {one}" for one in accepted if one not in found]


def printed(name: str) -> str:
    """A file of the vocabulary's package."""
    return files("graphrisk_schema").joinpath(name).read_text(encoding="utf-8")
