"""A small GraphQL client over the standard library: what the demo and its check ask with."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from typing import cast

from graphrisk.core.errors import (
    BadInput,
    Conflict,
    Forbidden,
    GraphRiskError,
    LimitExceeded,
    NotFound,
    StoreError,
    StoreUnavailable,
    Unsupported,
)

Json = str | int | float | bool | None | list["Json"] | dict[str, "Json"]
_TIMEOUT_SECONDS = 30
_ERRORS: dict[str, type[GraphRiskError]] = {
    kind.code: kind
    for kind in (
        BadInput,
        Conflict,
        Forbidden,
        LimitExceeded,
        NotFound,
        StoreError,
        StoreUnavailable,
        Unsupported,
    )
}


class GraphQLClient:
    """Asks one GraphQL endpoint (graphql-over-http, media type application/graphql-response+json).

    Args:
        url: Of the endpoint, e.g. ``http://127.0.0.1:8000/graphql``.
        purpose: Code of the purpose of all reads; the service's default when missing.
        case: Number of the case they are made in.
    """

    def __init__(self, url: str, purpose: str | None = None, case: str | None = None) -> None:
        self._url = url
        self._headers = {
            "content-type": "application/json",
            "accept": "application/graphql-response+json",
        }
        if purpose is not None:
            self._headers["x-purpose"] = purpose
        if case is not None:
            self._headers["x-case"] = case

    def execute(self, query: str, variables: Mapping[str, Json] | None = None) -> dict[str, Json]:
        """The ``data`` of the answer.

        Raises:
            GraphRiskError: The answer has errors: of the class whose code the first one carries.
            StoreUnavailable: Nothing usable answers there.
        """
        body = json.dumps({"query": query, "variables": dict(variables or {})}).encode()
        request = urllib.request.Request(self._url, data=body, headers=self._headers)
        try:
            with urllib.request.urlopen(request, timeout=_TIMEOUT_SECONDS) as answer:
                document = _document(answer.read(), self._url)
        except urllib.error.HTTPError as error:
            document = _document(error.read(), self._url)
        except (OSError, ValueError) as error:
            raise StoreUnavailable(f"{self._url} does not answer: {error}") from error
        if document.get("errors"):
            raise _first_error(document, self._url)
        return cast("dict[str, Json]", document["data"])

    def nodes(
        self,
        query: str,
        field: str,
        page: int = 100,
        variables: Mapping[str, Json] | None = None,
    ) -> Iterator[dict[str, Json]]:
        """All nodes of a keyset connection; ``query`` takes ``$first`` and ``$after``."""
        after: str | None = None
        while True:
            data = self.execute(query, {**(variables or {}), "first": page, "after": after})
            connection = cast("dict[str, Json]", data[field])
            for edge in cast("list[dict[str, Json]]", connection["edges"]):
                yield cast("dict[str, Json]", edge["node"])
            info = cast("dict[str, Json]", connection["pageInfo"])
            if not info["hasNextPage"]:
                return
            after = cast("str", info["endCursor"])


def _document(body: bytes, url: str) -> dict[str, Json]:
    try:
        document = json.loads(body)
    except ValueError:
        document = None
    if not isinstance(document, dict) or not document.keys() & {"data", "errors"}:
        raise StoreUnavailable(f"what answers at {url} is no GraphQL endpoint")
    return document


def _first_error(document: dict[str, Json], url: str) -> GraphRiskError:
    first = cast("list[dict[str, Json]]", document["errors"])[0]
    extensions = cast("dict[str, str]", first.get("extensions") or {})
    kind = _ERRORS.get(extensions.get("code", ""), GraphRiskError)
    return kind(f"{url}: {first.get('message')}")
