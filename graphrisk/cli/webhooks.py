"""Commands around webhooks: ``webhooks list``, ``webhooks replay``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from graphrisk.cli.operations import opened_operations
from graphrisk.cli.options import JsonOption, StoreOption
from graphrisk.cli.output import say, say_json, say_table

if TYPE_CHECKING:
    from graphrisk.centre.webhooks.model import Webhook

webhooks = typer.Typer(help="Where applications are told what happens: list, replay.")
_SHOWN = ("id", "owner", "url", "kinds", "area", "waiting", "dead", "stopped")


@webhooks.command(name="list")
def listing(store: StoreOption = None, as_json: JsonOption = False) -> None:
    """List all webhooks of the deployment, with what is to be posted and what was given up."""
    from graphrisk.centre.webhooks.service import every_webhook

    with opened_operations(store) as at:
        found = every_webhook(at.database)
        at.audit.record(at.who[0], "webhook.read", at.who[1], len(found))
    if as_json:
        say_json({"webhooks": [_document(one) for one in found]})
    else:
        rows = [list(_document(one).values()) for one in found]
        say_table("Webhooks", _SHOWN, rows)


@webhooks.command()
def replay(
    webhook: Annotated[str, typer.Argument(metavar="ID", help="As `list` tells it.")],
    message: Annotated[
        str | None, typer.Option(help="Id of one message; default: all that were given up.")
    ] = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Have messages posted again, under their old ids, with the worker's next round."""
    from graphrisk.centre.webhooks.service import replay_any

    with opened_operations(store) as at:
        count = replay_any(at.database, webhook, message, at.clock.now_ms())
        at.audit.record(at.who[0], "webhook.replay", at.who[1], count, webhook)
    if as_json:
        say_json({"messages": count})
    else:
        say(f"To be posted again: {count}")


def _document(one: Webhook) -> dict[str, object]:
    wanted = one.wanted
    said: dict[str, object] = {"id": one.webhook_id, "owner": one.owner, "url": wanted.url}
    said |= {"kinds": ", ".join(wanted.kinds) or "all", "area": wanted.area or "all"}
    return said | {"waiting": one.waiting, "dead": one.dead, "stopped": one.stopped_at is not None}
