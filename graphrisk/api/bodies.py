"""Bodies of REST requests, read no further than they may be long."""

from __future__ import annotations

import orjson
from starlette.requests import Request

from graphrisk.core.errors import BadInput, LimitExceeded

JSON = "application/json"


class TooLarge(LimitExceeded):
    """A body is longer than it may be."""

    status = 413


class OtherMedia(BadInput):
    """A body is of another media type than the one that is read."""

    status = 415


async def json_body(request: Request, most_bytes: int) -> tuple[bytes, object]:
    """The body and what it says.

    Raises:
        BadInput: It is not JSON, or (415) does not claim to be.
        LimitExceeded: (413) It is too long.
    """
    media, *_ = request.headers.get("content-type", "").lower().split(";")
    if media.strip() != JSON:
        raise OtherMedia(f"a body is {JSON}")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most_bytes:
            raise TooLarge(f"a body has at most {most_bytes:,} bytes")
    try:
        return bytes(body), orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise BadInput("the body is not JSON") from error
