"""Commands about who delivers: ``sources``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphrisk.cli.deployment import opened
from graphrisk.cli.options import JsonOption, Language, StoreOption, languages
from graphrisk.cli.output import say_json, say_table

if TYPE_CHECKING:
    from graphrisk.ingest.model import SourceState

_UNITS = ((86_400_000, "d"), (3_600_000, "h"), (60_000, "min"))
_COLUMNS = ("source", "owner", "state", "age", "promised", "last batch", "rejected in all")


def sources(
    language: Language = "both", store: StoreOption = None, as_json: JsonOption = False
) -> None:
    """List who delivers: owner, freshness against the promise, the last batch, rejects in all.

    The counts of a batch are rows = loaded + unchanged + rejected.
    """
    from graphrisk.core.clock import SystemClock
    from graphrisk.ingest.service import Sources

    asked = languages(language)
    with opened(store) as deployment:
        register = Sources(deployment.database, SystemClock())
        found, now = register.listing(), register.now_ms()
    if as_json:
        say_json({"now": now, "sources": [_document(one, now, asked) for one in found]})
    else:
        say_table("Sources", _COLUMNS, [_row(one, now, asked) for one in found])


def _document(state: SourceState, now: int, asked: tuple[str, ...]) -> dict[str, object]:
    from dataclasses import asdict

    age = None if state.delivered_at is None else now - state.delivered_at
    facts = {"freshness": state.freshness(now).value, "due_at": state.due_at, "age_ms": age}
    others = tuple(f"_{name}" for name in ("zh", "en") if name not in asked)
    said = {name: value for name, value in asdict(state).items() if not name.endswith(others)}
    return said | facts


def _row(state: SourceState, now: int, asked: tuple[str, ...]) -> list[object]:
    last = state.last
    batch = ""
    if last is not None:
        sums = f"{last.rows:,} = {last.loaded:,} + {last.unchanged:,} + {last.rejected:,}"
        batch = "\n".join(filter(None, (last.file, sums, last.error)))
    words = {"zh": (state.doc_zh, state.owner_zh), "en": (state.doc_en, state.owner_en)}
    docs, owners = zip(*(words[name] for name in asked), strict=True)
    return [
        "\n".join(filter(None, (state.name, *docs))),
        "\n".join(filter(None, owners)),
        state.freshness(now).value,
        None if state.delivered_at is None else _span(now - state.delivered_at),
        None if state.every_ms is None else _span(state.every_ms),
        batch,
        state.rejected,
    ]


def _span(ms: int) -> str:
    """A length of time in the largest unit of which it has two at least."""
    size, name = next((u for u in _UNITS if ms >= 2 * u[0]), _UNITS[-1])
    return f"{ms // size} {name}"
