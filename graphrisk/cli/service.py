"""Commands that run the service: ``up`` and ``warmup``."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from graphrisk.cli.deployment import asked_settings, opened
from graphrisk.cli.options import JsonOption, StoreOption
from graphrisk.cli.output import progress_bars, say, say_json


class Process(StrEnum):
    """The processes of a deployment."""

    API = "api"
    SCORES = "scores"
    WORKER = "worker"


def up(
    only: Annotated[
        Process | None, typer.Option(help="Start one process alone, here in the foreground.")
    ] = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Serve: api (GraphQL, REST), scores (look-ups from memory) and worker; Ctrl-C stops all."""
    from graphrisk.cli.supervisor import Supervisor, prepare

    settings = asked_settings(store)
    if only is not None:
        _run(only, store)
        return
    prepare(settings)
    with opened(store):
        pass  # migrate once, before three processes would
    with Supervisor(settings, list(Process)) as processes:
        processes.wait_ready()
        if as_json:
            say_json({"graphql": processes.graphql_url, "scores": processes.scores_url})
        else:
            say(f"GraphQL  {processes.graphql_url}")
            say(f"scores   {processes.scores_url}/v1/scores/ID")
            say("Ctrl-C stops.")
        processes.wait()


def warmup(as_json: JsonOption = False) -> None:
    """Compile the kernels once, so that the first detection does not have to."""
    import time

    import numpy as np
    import pyarrow as pa

    from graphrisk.core.table import Table
    from graphrisk.ingest.hashing import fingerprints
    from graphrisk_algorithms.warmup import warmup as compile_kernels

    started = time.perf_counter()
    with progress_bars() as progress:
        fingerprints(pa.array(["a kernel that loading needs"]))
        known, number = Table(), np.zeros(1, np.int64)
        known.settle(number, number)
        known.find(number)
        kernels = compile_kernels(progress) + 3
    seconds = round(time.perf_counter() - started, 1)
    if as_json:
        say_json({"kernels": kernels, "seconds": seconds})
    else:
        say(f"{kernels} kernels ready after {seconds} s")


def _run(process: Process, store: str | None) -> None:
    settings = asked_settings(store)
    if process is Process.WORKER:
        from graphrisk.worker.run import run

        run(settings)
    elif process is Process.SCORES:
        from graphrisk.api.serve import run_scores

        run_scores(settings)
    else:
        from graphrisk.api.serve import run_api

        run_api(settings)
