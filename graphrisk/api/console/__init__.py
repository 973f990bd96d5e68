"""The web console's files, what it is told before anybody signed in, and the demo's sign-in."""

from __future__ import annotations

import gzip
import mimetypes
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from urllib.parse import urlsplit

import orjson
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from graphrisk.access.purposes import PURPOSES
from graphrisk.api.console.sign_in import DISCOVERY, sign_in_routes
from graphrisk.core.clock import Clock
from graphrisk.settings import Settings

PATH = "/console/"
_FOREVER = "public, max-age=31536000, immutable"
_MODULES = {".js": "text/javascript; charset=utf-8", ".md": "text/markdown; charset=utf-8"}


@dataclass(frozen=True, slots=True)
class _File:
    """A built file; compressed once, when the process starts."""

    media: str
    plain: bytes
    packed: bytes


def console_routes(settings: Settings, clock: Clock) -> list[BaseRoute]:
    """The console at ``/console/``, and with no issuer configured the development one's pages."""
    built = dict(_built(files("graphrisk.console").joinpath("dist")))
    headers = _headers(settings)
    told = orjson.dumps(_told(settings))

    async def file(request: Request) -> Response:
        name = request.path_params["name"] or "index.html"
        found = built.get(name)
        if found is None:
            return Response(status_code=404)
        kept = _FOREVER if name.startswith("assets/") else "no-cache"
        return _sent(request, found, {**headers, "cache-control": kept})

    async def config(_request: Request) -> Response:
        return Response(told, media_type="application/json", headers={"cache-control": "no-store"})

    async def bare(_request: Request) -> Response:
        return RedirectResponse(PATH)

    routes: list[BaseRoute] = [
        Route("/console", bare),
        Route(f"{PATH}config.json", config),
        Route(f"{PATH}{{name:path}}", file),
    ]
    return routes + (sign_in_routes(settings, clock, PATH) if settings.issuer is None else [])


def _told(settings: Settings) -> dict[str, object]:
    """What the page has to know: where one signs in, and for what one may read."""
    place = DISCOVERY if settings.issuer is None else _discovery(settings.issuer)
    purposes = [{"code": code, "zh": zh, "en": en} for code, (zh, en) in PURPOSES.items()]
    return {
        "discovery": place,
        "issuer": settings.issuer,
        "client": settings.console_client,
        "purposes": purposes,
    }


def _discovery(issuer: str) -> str:
    return f"{issuer.rstrip('/')}/.well-known/openid-configuration"


def _headers(settings: Settings) -> Mapping[str, str]:
    """Under this policy a browser runs our files and asks our address and the issuer's alone."""
    asked = ["'self'"]
    parts = urlsplit(settings.issuer or "")
    if parts.scheme in {"http", "https"}:
        asked.append(f"{parts.scheme}://{parts.netloc}")
    policy = (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "worker-src 'self'",
        f"connect-src {' '.join(asked)}",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
    return {
        "content-security-policy": "; ".join(policy),
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        "cross-origin-opener-policy": "same-origin",
        "vary": "accept-encoding",
    }


def _built(folder: Traversable, prefix: str = "") -> Iterator[tuple[str, _File]]:
    for one in folder.iterdir():
        name = prefix + one.name
        if one.is_dir():
            yield from _built(one, f"{name}/")
            continue
        plain = one.read_bytes()
        suffix = name[name.rfind(".") :]
        media = _MODULES.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
        yield name, _File(media, plain, gzip.compress(plain, mtime=0))


def _sent(request: Request, found: _File, headers: Mapping[str, str]) -> Response:
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(found.plain, media_type=found.media, headers=dict(headers))
    packed = {**headers, "content-encoding": "gzip"}
    return Response(found.packed, media_type=found.media, headers=packed)
