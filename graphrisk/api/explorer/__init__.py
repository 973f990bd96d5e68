"""A small page to try queries on: no library, nothing from elsewhere, works offline."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files

import orjson
from starlette.responses import HTMLResponse, Response

from graphrisk.access.purposes import PURPOSES
from graphrisk.api.samples import THREE_QUERIES


def page() -> Response:
    """The page, allowed to run its own script and style and to ask its own address alone."""
    html, policy = _rendered()
    headers = {
        "content-security-policy": policy,
        "cache-control": "no-cache",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        "vary": "accept",
    }
    return HTMLResponse(html, headers=headers)


@cache
def _rendered() -> tuple[str, str]:
    html, style, script = (_text(f"explorer.{kind}") for kind in ("html", "css", "js"))
    policy = "; ".join(
        (
            "default-src 'none'",
            f"script-src '{_digest(script)}'",
            f"style-src '{_digest(style)}'",
            "img-src data:",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        )
    )
    for mark, text in (("style", style), ("given", _given()), ("script", script)):
        html = html.replace(f"/*{mark}*/", text)
    return html, policy


def _given() -> str:
    """Samples and purposes as JSON that cannot end the element it stands in."""
    purposes = [(code, zh, en) for code, (zh, en) in PURPOSES.items()]
    given = orjson.dumps({"samples": THREE_QUERIES, "purposes": purposes}).decode()
    return given.replace("<", "\\u003c")


def _text(name: str) -> str:
    return files("graphrisk.api.explorer").joinpath(name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
