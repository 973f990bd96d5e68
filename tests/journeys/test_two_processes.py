"""Two api processes of one deployment: who follows on one hears what is done on the other."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx

from graphrisk.client import Client
from graphrisk.client.operations.events import follow_events
from graphrisk.client.operations.inputs import NewTaskInput
from graphrisk.client.operations.tasks import create_task
from tests.cli.processes import free_ports, said, started
from tests.journeys.factory import Deployment, sqlite_deployment

CELL = "350203001001g01"
TASKS = 20


@contextmanager
def _two(deployment: Deployment, operations: str) -> Iterator[tuple[Client, Client]]:
    """Clients of a whole deployment's api, and of another api process beside it."""
    env = deployment.environment() | {"GRAPHRISK_OPERATIONS": operations}
    ports = free_ports()
    address = f"http://127.0.0.1:{ports['GRAPHRISK_PORT']}"
    with (
        started("up", "--json", env=env | free_ports()) as whole,
        Client(said(whole)["graphql"], case="A-1") as one,
        started("up", "--only", "api", env=env | ports) as beside,
        Client(f"{address}/graphql", case="A-1") as other,
    ):
        until = time.monotonic() + 60
        while not _is_ready(address):
            assert beside.poll() is None, beside.communicate()[1]
            assert time.monotonic() < until
            time.sleep(0.05)
        yield one, other


def _is_ready(address: str) -> bool:
    try:
        return httpx.get(f"{address}/livez").status_code == 200
    except httpx.TransportError:
        return False


def _made(client: Client) -> str:
    """A new task's id."""
    task = NewTaskInput(
        id=str(uuid.uuid4()), kind="visit", title="x", area=CELL, offered_to="grid_worker"
    )
    return client.ask(create_task(input=task)).task.id


def test_what_is_done_on_one_arrives_on_the_other_once_and_in_order(
    tmp_path: Path, database_url: str
) -> None:
    deployment = sqlite_deployment(tmp_path)
    heard: list[str] = []
    with _two(deployment, database_url) as (one, other):

        def follow() -> None:
            with closing(one.follow(follow_events(kinds=["task.changed"]))) as told:
                for event in told:
                    heard.append(event.node.subject)
                    if event.node.subject == last:
                        return

        last = ""
        listener = threading.Thread(target=follow, daemon=True)
        listener.start()
        until = time.monotonic() + 30
        before = []
        while not heard:  # whoever follows has begun to
            before.append(_made(other))
            assert time.monotonic() < until
            time.sleep(0.1)
        made = [_made(other) for _ in range(TASKS)]
        last = _made(other)
        listener.join(30)
        assert not listener.is_alive()
    begun = before[before.index(heard[0]) :]
    assert heard == [*begun, *made, last]
