"""A small GraphQL client over the standard library: what the demo and its check ask with."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from typing import cast

from graphrisk.core.errors import BadInput, StoreUnavailable

Json = str | int | float | bool | None | list["Json"] | dict[str, "Json"]
_TIMEOUT_SECONDS = 30


class GraphQLClient:
    """Asks one GraphQL endpoint (graphql-over-http: application/graphql-response+json)."""

    def __init__(self, url: str) -> None:
        self._url = url

    def execute(self, query: str, variables: Mapping[str, Json] | None = None) -> dict[str, Json]:
        """The ``data`` of the answer.

        Raises:
            BadInput: the answer has errors; the message is the first one's.
            StoreUnavailable: nothing usable answers there.
        """
        body = json.dumps({"query": query, "variables": dict(variables or {})}).encode()
        headers = {
            "content-type": "application/json",
            "accept": "application/graphql-response+json",
        }
        request = urllib.request.Request(self._url, data=body, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=_TIMEOUT_SECONDS) as answer:
                document = json.load(answer)
        except urllib.error.HTTPError as error:
            document = _document(error, self._url)
        except (urllib.error.URLError, ConnectionError, TimeoutError, ValueError) as error:
            raise StoreUnavailable(f"{self._url} does not answer: {error}") from error
        if document.get("errors"):
            raise BadInput(f"{self._url}: {document['errors'][0]['message']}")
        return cast("dict[str, Json]", document["data"])

    def nodes(self, query: str, field: str, page: int = 100) -> Iterator[dict[str, Json]]:
        """All nodes of a keyset connection; ``query`` takes ``$first`` and ``$after``."""
        after: str | None = None
        while True:
            data = self.execute(query, {"first": page, "after": after})
            connection = cast("dict[str, Json]", data[field])
            for edge in cast("list[dict[str, Json]]", connection["edges"]):
                yield cast("dict[str, Json]", edge["node"])
            info = cast("dict[str, Json]", connection["pageInfo"])
            if not info["hasNextPage"]:
                return
            after = cast("str", info["endCursor"])


def _document(error: urllib.error.HTTPError, url: str) -> dict[str, list[dict[str, str]]]:
    try:
        return cast("dict[str, list[dict[str, str]]]", json.load(error))
    except ValueError:
        raise StoreUnavailable(f"{url} answers {error.code}") from error
