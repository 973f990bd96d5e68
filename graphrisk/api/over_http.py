"""GraphQL over HTTP, as the specification of that name asks (media types, statuses, methods).

A request that cannot be executed is answered with 400 and no ``data``; to clients that accept only
the older ``application/json``, a document that does not parse or validate is answered with 200.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import orjson
from starlette.requests import Request
from starlette.responses import Response
from strawberry import Schema
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types import ExecutionResult
from strawberry.types.graphql import OperationType

from graphrisk.api.explorer import page
from graphrisk.api.graphql_errors import graphql_error, request_error
from graphrisk.api.profiles import Profile
from graphrisk.api.streams import EVENTS, ContextOf, Results, event_stream
from graphrisk.core.errors import BadInput, GraphRiskError, LimitExceeded, NotFound

RESPONSE = "application/graphql-response+json"
JSON = "application/json"
MOST_BODY_BYTES = 256 * 1024
#: What names the document; each alone.
_ASKED = {"query", "documentId"}


@dataclass(frozen=True, slots=True)
class Asking:
    """The parameters of a request."""

    query: str
    variables: dict[str, object] | None
    operation_name: str | None


class GraphQLOverHttp:
    """Answers GET and POST at one address.

    To a browser that looks around, the explorer page where the profile is open.
    """

    def __init__(self, schema: Schema, context_of: ContextOf, profile: Profile) -> None:
        self._schema = schema
        self._context_of = context_of
        self._profile = profile

    async def answer(self, request: Request) -> Response:
        """The answer to one request."""
        accepted = _accepted(request.headers.get("accept", "*/*"))
        asks = request.method == "POST" or bool(_ASKED & request.query_params.keys())
        if self._profile.is_open and not asks and "text/html" in accepted:
            return page()
        streams = EVENTS in accepted and asks
        media = RESPONSE if streams else _media(accepted)
        if media is None:
            return _refusal(BadInput(f"answers are {RESPONSE} or {JSON}"), 406, RESPONSE)
        try:
            if request.method == "POST":
                _check_type(request.headers.get("content-type", ""))
                asking = self._asking(_json(await _body(request), "body"))
            else:
                asking = self._asking(_from_address(request))
            if streams:
                return event_stream(await self._results(request, asking), _document)
            result = await self._execute(request, asking)
        except _Refused as refused:
            return _refusal(refused.error, refused.status, media)
        except GraphRiskError as error:
            return _refusal(error, error.status, media)
        return _response(result, media)

    def _asking(self, request: object) -> Asking:
        """The request, its document in full."""
        given = _checked(request)
        query, name = given.get("query"), given.get("documentId")
        if query and name:
            raise BadInput("a request has a query or a documentId, not both")
        if name:
            documents = self._profile.documents
            if documents is None:
                raise NotFound("no documents are kept here")
            query = documents.text(name)
        if not query:
            raise BadInput("query is missing")
        return Asking(query, given.get("variables"), given.get("operationName"))

    async def _results(self, request: Request, asking: Asking) -> Results:
        results = await self._schema.stream(
            asking.query,
            variable_values=asking.variables,
            operation_name=asking.operation_name,
            context_value=await self._context_of(request.headers),
            allowed_operation_types={*_allowed(request), OperationType.SUBSCRIPTION},
        )
        return cast("Results", results)  # nothing is deferred, so each is a result

    async def _execute(self, request: Request, asking: Asking) -> ExecutionResult:
        context = await self._context_of(request.headers)
        context.hold()
        try:
            result = await self._schema.execute(
                asking.query,
                variable_values=asking.variables,
                operation_name=asking.operation_name,
                context_value=context,
                allowed_operation_types=_allowed(request),
            )
            await context.settle()
            return result
        except CannotGetOperationTypeError as error:
            raise BadInput("the document has no operation of that name, or several") from error
        except InvalidOperationTypeError as error:
            if request.method == "POST":
                raise BadInput(f"subscriptions are streams: accept {EVENTS}") from error
            raise _Refused(BadInput("by GET only queries are answered"), 405) from error


class _Refused(Exception):
    """An error with a status that is HTTP's, not the error's."""

    def __init__(self, error: GraphRiskError, status: int) -> None:
        super().__init__(str(error))
        self.error = error
        self.status = status


def _allowed(request: Request) -> set[OperationType]:
    """A mutation by GET could be asked for by a link."""
    reads = {OperationType.QUERY}
    return reads | {OperationType.MUTATION} if request.method == "POST" else reads


def _media(accepted: frozenset[str]) -> str | None:
    """What to answer with: the newer type where it is named, the older where anything will do."""
    if RESPONSE in accepted:
        return RESPONSE
    return JSON if accepted & {JSON, "application/*", "*/*"} else None


def _accepted(accept: str) -> frozenset[str]:
    """The media types of an Accept header that are not ruled out by ``q=0``."""
    ranges = (part.replace(" ", "").lower().split(";") for part in accept.split(","))
    return frozenset(
        name
        for name, *parameters in ranges
        if not any(one.startswith("q=") and one.strip("q=0.") == "" for one in parameters)
    )


def _check_type(content_type: str) -> None:
    name, *parameters = (part.strip().lower() for part in content_type.split(";"))
    charset = next((p.partition("=")[2] for p in parameters if p.startswith("charset=")), "utf-8")
    if name != JSON or charset.strip('"') not in {"utf-8", "utf8"}:
        raise _Refused(BadInput(f"a body is {JSON} in UTF-8"), 415)


async def _body(request: Request) -> bytes:
    """The body, read no further than it may be long."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BODY_BYTES:
            raise _Refused(LimitExceeded(f"a body has at most {MOST_BODY_BYTES:,} bytes"), 413)
    return bytes(body)


def _json(text: str | bytes, name: str) -> object:
    """JSON without NaN and without halves of surrogate pairs."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise BadInput(f"the {name} is not JSON") from error


def _from_address(request: Request) -> dict[str, object]:
    given: dict[str, object] = dict(request.query_params)
    for name in ("variables", "extensions"):
        if given.get(name):
            given[name] = _json(cast("str", given[name]), name)
    return {name: value for name, value in given.items() if value != ""}


def _checked(given: object) -> dict[str, Any]:
    """The parameters of a request, each of the kind that it has to be."""
    if not isinstance(given, dict):
        raise BadInput("a request is one JSON object; batches are not answered")
    for name, kind, what in (
        ("query", str, "a text"),
        ("documentId", str, "a text"),
        ("variables", dict, "an object"),
        ("operationName", str, "a text"),
        ("extensions", dict, "an object"),
    ):
        if given.get(name) is not None and not isinstance(given[name], kind):
            raise BadInput(f"{name} is {what}")
    return given


def _document(result: ExecutionResult) -> dict[str, object]:
    """A result as JSON has it."""
    document: dict[str, object] = {}
    if result.errors:
        document["errors"] = [graphql_error(error) for error in result.errors]
    if not _not_executed(result):
        document["data"] = result.data
    if result.extensions:
        document["extensions"] = result.extensions
    return document


def _not_executed(result: ExecutionResult) -> bool:
    """Without a path nothing was executed: such an answer has no data, not even null."""
    return result.data is None and all(error.path is None for error in result.errors or ())


def _response(result: ExecutionResult, media: str) -> Response:
    status = 400 if _not_executed(result) and media == RESPONSE else 200
    return _encoded(_document(result), status, media)


def _refusal(error: GraphRiskError, status: int, media: str) -> Response:
    headers = {405: {"allow": "POST"}, 401: {"www-authenticate": "Bearer"}}.get(status, {})
    return _encoded({"errors": [request_error(error)]}, status, media, headers)


def _encoded(
    document: dict[str, object], status: int, media: str, headers: dict[str, str] | None = None
) -> Response:
    # The answer depends on who asks, for what and in which form; no cache may mix them.
    every = {
        "content-type": f"{media}; charset=utf-8",
        "cache-control": "no-store",
        "vary": "accept",
    }
    return Response(orjson.dumps(document), status, {**every, **(headers or {})})
