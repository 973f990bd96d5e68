"""Errors of GraphQL as the outside sees them: a code, a sentence, nothing from inside."""

from __future__ import annotations

from graphql import GraphQLError, GraphQLSyntaxError

from graphrisk.api.faults import HIDDEN
from graphrisk.core.errors import BadInput, GraphRiskError, LimitExceeded

#: How graphql-core says that the token limit was reached.
_TOO_MANY_TOKENS = "Document contains more than"


def graphql_error(error: GraphQLError) -> dict[str, object]:
    """An entry of ``errors`` with ``extensions.code``; what was not foreseen is hidden."""
    code, message = _told(error)
    formatted: dict[str, object] = {"message": message, "extensions": {"code": code}}
    if (wait := _wait(error)) is not None:
        formatted["extensions"] = {"code": code, "retryAfterSeconds": wait}
    if error.locations:
        formatted["locations"] = [location.formatted for location in error.locations]
    if error.path is not None:
        formatted["path"] = error.path
    return formatted


def told_error(error: GraphQLError) -> GraphQLError:
    """The same for transports that format errors themselves."""
    code, message = _told(error)
    return GraphQLError(
        message, error.nodes, error.source, error.positions, error.path, None, {"code": code}
    )


def request_error(error: GraphRiskError) -> dict[str, object]:
    """An entry of ``errors`` for a request that was not even executed."""
    return {"message": str(error), "extensions": {"code": error.code}}


def is_unforeseen(error: GraphQLError) -> bool:
    """Whether the error is a fault of ours: neither the caller's nor raised on purpose."""
    known = GraphRiskError | GraphQLError | RecursionError
    if error.original_error is None or _is_value_of_document(error):
        return False
    return not isinstance(error.original_error, known)


def _is_value_of_document(error: GraphQLError) -> bool:
    """Whether a value in the document could not be read: before any field was, so without path."""
    return isinstance(error.original_error, ValueError) and error.path is None


def _wait(error: GraphQLError) -> int | None:
    """Seconds after which the same may succeed, of a rate that was reached."""
    cause = error.original_error
    return cause.retry_after_seconds if isinstance(cause, LimitExceeded) else None


def _told(error: GraphQLError) -> tuple[str, str]:
    cause, told = error.original_error, (error.extensions or {}).get("code")
    if isinstance(told, str):  # by ``told_error``
        return told, error.message
    if isinstance(cause, GraphRiskError):
        return cause.code, str(cause)
    if isinstance(cause, RecursionError):
        return LimitExceeded.code, "the document is nested too deeply"
    if _is_value_of_document(error):
        return (
            BadInput.code,
            "a value in the document cannot be read: has a number too many digits?",
        )
    if is_unforeseen(error):
        return GraphRiskError.code, HIDDEN
    if isinstance(error, GraphQLSyntaxError) and _TOO_MANY_TOKENS in error.message:
        return LimitExceeded.code, error.message
    return BadInput.code, error.message
