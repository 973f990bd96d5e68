"""The development issuer over HTTP: who sits at the machine picks one of the demo's people.

Discovery, authorization and token endpoints as OpenID Connect names them, for the console alone.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from html import escape
from importlib.resources import files
from urllib.parse import parse_qs, urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from graphrisk.access.code_flow import TOKEN_HOURS, CodeDesk, CodeRequest
from graphrisk.access.issuer import ISSUER, DevelopmentIssuer, people
from graphrisk.core.clock import Clock
from graphrisk.core.errors import BadInput, GraphRiskError
from graphrisk.settings import Settings

DISCOVERY = "/development/.well-known/openid-configuration"
_AUTHORIZE, _TOKEN = "/development/authorize", "/development/token"
_MOST_BYTES = 16_384


def sign_in_routes(settings: Settings, clock: Clock, console: str) -> list[BaseRoute]:
    """Where a browser signs in as somebody of ``people.yaml``; codes go to ``console`` alone."""
    desk = CodeDesk(DevelopmentIssuer(settings.folder, clock), clock)

    async def discovery(request: Request) -> Response:
        return JSONResponse(_described(_origin(request)))

    async def authorize(request: Request) -> Response:
        asked = _first(request.url.query)
        try:
            wanted = _wanted(asked)
            wanted.check(settings.console_client, _origin(request) + console)
            if request.method == "GET":
                return _page()
            name = _first((await _body(request)).decode("utf-8", "replace")).get("person", "")
            code = desk.give(name, wanted)
        except GraphRiskError as error:
            return Response(str(error), error.status, media_type="text/plain")
        query = urlencode({"code": code, "state": asked.get("state", "")})
        return RedirectResponse(f"{wanted.redirect}?{query}", 303)

    async def token(request: Request) -> Response:
        try:
            given = _first((await _body(request)).decode("utf-8", "replace"))
            made = desk.redeem(
                given.get("code", ""),
                given.get("client_id", ""),
                given.get("redirect_uri", ""),
                given.get("code_verifier", ""),
            )
        except GraphRiskError as error:
            told = {"error": "invalid_grant", "error_description": str(error)}
            return JSONResponse(told, 400, {"cache-control": "no-store"})
        given_out = {
            "access_token": made,
            "token_type": "Bearer",
            "expires_in": TOKEN_HOURS * 3_600,
        }
        return JSONResponse(given_out, 200, {"cache-control": "no-store"})

    return [
        Route(DISCOVERY, discovery),
        Route(_AUTHORIZE, authorize, methods=["GET", "POST"]),
        Route(_TOKEN, token, methods=["POST"]),
    ]


def _described(origin: str) -> dict[str, object]:
    return {
        "issuer": ISSUER,
        "authorization_endpoint": origin + _AUTHORIZE,
        "token_endpoint": origin + _TOKEN,
        "response_types_supported": ["code"],
        "code_challenge_methods_supported": ["S256"],
    }


def _origin(request: Request) -> str:
    return f"{request.url.scheme}://{request.url.netloc}"


def _wanted(asked: dict[str, str]) -> CodeRequest:
    if asked.get("response_type") != "code" or asked.get("code_challenge_method") != "S256":
        raise BadInput("sign-in is by code, with a challenge by S256")
    names = ("client_id", "redirect_uri", "code_challenge")
    return CodeRequest(*(asked.get(name, "") for name in names))


def _first(text: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(text).items()}


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MOST_BYTES:
            raise BadInput("the form is too long")
    return bytes(body)


def _page() -> Response:
    html, policy = _rendered()
    headers = {
        "content-security-policy": policy,
        "cache-control": "no-store",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
    }
    return HTMLResponse(html, headers=headers)


@cache
def _rendered() -> tuple[str, str]:
    page, style = (_text(f"sign_in.{kind}") for kind in ("html", "css"))
    buttons = "\n".join(
        f'<li><button name="person" value="{escape(one.name)}"><b>{escape(one.name)}</b>'
        f"<span>{escape(one.title)}</span></button></li>"
        for one in people()
    )
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    )
    return page.replace("/*style*/", style).replace("<!--people-->", buttons), policy


def _text(name: str) -> str:
    return files("graphrisk.api.console").joinpath(name).read_text(encoding="utf-8")
