"""``graphrisk demo``: a small city, from files to an answer over GraphQL."""

from __future__ import annotations

import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from graphrisk.analysis.stages import Stages
from graphrisk.cli.exits import Exit
from graphrisk.cli.options import JsonOption, Seed
from graphrisk.cli.output import Progress, progress_bars, say, say_json
from graphrisk.core.errors import ConfigError
from graphrisk.core.files import private_folder

if TYPE_CHECKING:
    from graphrisk.analysis.deployment import Deployment
    from graphrisk.cli.supervisor import Supervisor
    from graphrisk.settings import Settings

_PROCESSES = ("api", "scores", "worker")


class Engine(StrEnum):
    """Where the demo's graph lives."""

    SQLITE = "sqlite"
    NEO4J = "neo4j"


def demo(
    engine: Annotated[Engine, typer.Option(help="neo4j starts a server of its own.")] = (
        Engine.SQLITE
    ),
    check: Annotated[
        bool, typer.Option("--check", help="Ask the endpoint, compare with the store, and end.")
    ] = False,
    folder: Annotated[Path, typer.Option(help="Where the demo keeps its files.")] = Path(
        "demo-data"
    ),
    seed: Seed = 1,
    as_json: JsonOption = False,
) -> None:
    """Write a small city, load it, see who is who, find its rings and serve them."""
    from graphrisk.analysis.deployment import opened_with
    from graphrisk.cli.supervisor import Supervisor, prepare

    with _workplace(folder, check, seed) as place, _settings(engine, place, check) as settings:
        prepare(settings)
        watch = Stages()
        with opened_with(settings) as deployment, progress_bars() as progress:
            city = place / "city"
            _prepare(deployment, city, seed, watch, progress)
            counts, rings = _results(deployment, city / "truth")
            with Supervisor(settings, _PROCESSES) as processes:
                with watch("up"):
                    processes.wait_ready()
                if not check:
                    _invite(processes, counts, rings, as_json)
                    processes.wait()
                    return
                from graphrisk.cli.check import differences

                with watch("check"):
                    differing = differences(processes.graphql_url, deployment)
        _verdict(counts, rings, watch, differing, as_json)


@contextmanager
def _workplace(folder: Path, check: bool, seed: int) -> Iterator[Path]:
    """The demo's folder; a check works in one of its own and leaves nothing.

    A second demo of the same city goes on with what is there. Two cities in one graph would be
    neither: ``ConfigError``.
    """
    if not check:
        private_folder(folder)
        mark = folder / "seed"
        if mark.exists() and mark.read_text() != str(seed):
            raise ConfigError(
                f"{folder} holds the city of seed {mark.read_text()}: delete it or choose --folder"
            )
        mark.write_text(str(seed))
        yield folder
        return
    temporary = Path(tempfile.mkdtemp(prefix="graphrisk-demo-"))
    try:
        yield temporary
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


@contextmanager
def _settings(engine: Engine, place: Path, check: bool) -> Iterator[Settings]:
    from pydantic import SecretStr

    from graphrisk.settings import Settings

    plain = Settings()
    own = {  # nothing of another deployment that the environment may describe
        "operations": None,
        "id_secret": None,
        "key_ring": None,
        "issuer": None,
        "issuer_keys": None,
        "host": "127.0.0.1" if check else plain.host,
        "port": _free_port() if check else plain.port,
        "scores_port": _free_port() if check else plain.scores_port,
    }
    if engine is Engine.SQLITE:
        file = place / "graph.db"
        yield plain.model_copy(
            update={**own, "store": f"sqlite:///{file}", "data_dir": Path(f"{file}.files")}
        )
        return
    from graphrisk.store.neo4j.local import LocalServer, fetch_jars, jars_folder

    with LocalServer(fetch_jars(jars_folder()), place / "neo4j") as server:
        address = server.address
        yield plain.model_copy(
            update={
                **own,
                "store": f"neo4j://{address.user}@{address.uri.partition('//')[2]}",
                "store_password": SecretStr(address.password),
                "data_dir": place / "neo4j.files",
            }
        )


def _prepare(
    deployment: Deployment, city: Path, seed: int, watch: Stages, progress: Progress
) -> None:
    """Files → graph → who is who → findings."""
    from graphrisk.analysis.run import detect
    from graphrisk.core.clock import SystemClock
    from graphrisk.ingest.load import load
    from graphrisk.ingest.resolve.service import resolve
    from graphrisk.ingest.service import Sources
    from graphrisk_loaders.synth.city import write_city

    clock = SystemClock()
    with watch("synth"):
        write_city("small", seed, city, progress)
    with watch("load"):
        report = load(
            deployment.store,
            deployment.settings.folder,
            city,
            clock=clock,
            sources=Sources(deployment.database, clock),
            progress=progress,
        )
        report.check()
    with watch("resolve"):
        resolve(deployment.store, deployment.database, deployment.snapshot_folder, clock)
    with watch("detect"):
        detect(
            deployment.store,
            deployment.snapshot_folder,
            deployment.database,
            clock,
            progress=progress,
        )


def _results(deployment: Deployment, truth: Path) -> tuple[dict[str, int], dict[str, int]]:
    from graphrisk.analysis.evaluation.sheet import evaluate
    from graphrisk.analysis.service import Findings

    reader = deployment.reader("evaluate", "evaluation")
    result = evaluate(Findings(deployment.database, deployment.store), reader, truth)
    return reader.counts(), {name: int(result[name]) for name in ("planted", "found", "matched")}


def _invite(
    processes: Supervisor, counts: dict[str, int], rings: dict[str, int], as_json: bool
) -> None:
    from graphrisk.api.samples import THREE_QUERIES

    if as_json:
        say_json({"graphql": processes.graphql_url, "counts": counts, "rings": rings})
        return
    people, calls, transfers = counts["Person"], counts["CALLED"], counts["TRANSFERRED"]
    say(f"\n{people:,} people, {calls:,} call pairs, {transfers:,} transfers.")
    say(f"{rings['matched']} of {rings['planted']} planted rings found.")
    say(f"\nConsole: {processes.console_url}  (open it in a browser)")
    say(f"GraphQL: {processes.graphql_url}  (in a browser too)\n\nThree queries to try:")
    for title, query in THREE_QUERIES:
        say(f"\n# {title}\n{query}")
    say("\nCtrl-C stops.")


def _verdict(
    counts: dict[str, int],
    rings: dict[str, int],
    watch: Stages,
    differing: list[str],
    as_json: bool,
) -> None:
    good = not differing and 2 * rings["matched"] >= rings["planted"]
    if as_json:
        say_json({"counts": counts, "rings": rings, "seconds": watch.seconds})
    else:
        say(f"counts {counts}\nrings {rings}\nseconds {watch.seconds}")
    for line in differing:
        typer.echo(f"GraphQL differs from the store: {line}", err=True)
    raise typer.Exit(Exit.OK if good else Exit.CHECK_FAILED)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
