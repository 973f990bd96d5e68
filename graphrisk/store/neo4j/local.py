"""A Neo4j server of one's own, without Docker: for the demo and for tests.

The jars come from Maven (``pom.xml`` beside this file pins them); Java 17 runs them. The server
listens on the loopback only, on a free port, and reports no usage data.
"""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import neo4j

from graphrisk.core.errors import ConfigError, StoreUnavailable
from graphrisk.core.processes import bound

#: The version that ``pom.xml`` pins; tests compare the two.
VERSION = "5.26.25"
_USER = "neo4j"
_MAIN = "org.neo4j.server.CommunityEntryPoint"
_POLL_SECONDS = 0.1
_START_POLLS = 1200
_STOP_SECONDS = 60
#: What the server's own start script passes to a Java 17 machine, but for the collector: a load
#: wants throughput (5-9 % more here), and nobody waits on the pauses of a small heap.
_JAVA_FLAGS = (
    "-XX:+UseParallelGC",
    "--add-opens=java.base/java.nio=ALL-UNNAMED",
    "--add-opens=java.base/java.io=ALL-UNNAMED",
    "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
    "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
    "-Dio.netty.tryReflectionSetAccessible=true",
    "-Dfile.encoding=UTF-8",
    "-XX:-OmitStackTraceInFastThrow",
    "-XX:+ExitOnOutOfMemoryError",
)


def jars_folder() -> Path:
    """Where the jars are kept: ``.cache`` of the checkout, else of the user's home."""
    root = Path(__file__).parents[3]
    cache = root / ".cache" if (root / "pyproject.toml").exists() else Path.home() / ".cache"
    return cache / f"graphrisk-neo4j-{VERSION}"


def fetch_jars(folder: Path) -> Path:
    """Put the server's jars (118 MB, from the Maven repository) into ``folder``, once.

    Returns ``folder``; ``ConfigError`` when Java or Maven is missing or Maven fails.
    """
    done = folder / ".complete"
    if done.exists():
        return folder
    missing = [program for program in ("java", "mvn") if shutil.which(program) is None]
    if missing:
        raise ConfigError(
            f"Neo4j needs {' and '.join(missing)}: install Java 17 and Maven "
            "(Debian: openjdk-17-jre-headless maven)"
        )
    goal = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"
    pom = Path(__file__).with_name("pom.xml")
    run = subprocess.run(
        ["mvn", "-q", "-B", "-f", pom, goal, f"-DoutputDirectory={folder.resolve()}"],
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode != 0:
        said = (run.stdout + run.stderr).strip()[-500:]
        raise ConfigError(f"Maven could not fetch the Neo4j {VERSION} jars: {said}")
    done.touch()
    return folder


def java() -> str:
    """The program that runs the jars; ``ConfigError`` when there is none."""
    found = shutil.which("java")
    if found is None:
        raise ConfigError("Neo4j needs Java 17 (Debian: openjdk-17-jre-headless)")
    return found


@dataclass(frozen=True, slots=True)
class Address:
    """How to reach a server."""

    uri: str
    user: str
    password: str


class LocalServer:
    """One server process over the database in ``home``; ``with`` starts and stops it.

    The password is drawn at the first start and kept in ``home/password`` (readable by the owner
    only). Where the system offers it, the server is ended with the thread that started it.
    """

    def __init__(
        self, jars: Path, home: Path, *, heap_mb: int = 1024, page_cache_mb: int = 256
    ) -> None:
        self._jars = jars.resolve()
        self._home = home.resolve()
        self._heap_mb = heap_mb
        self._page_cache_mb = page_cache_mb
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> Address:
        """Start and wait until it answers (about 10 s); ``StoreUnavailable`` when it does not."""
        port = _free_port()
        self._write_settings(port)
        log = self._home / "console.log"
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                self._command(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            self._await_port(self._process, port)
            self._address = Address(f"bolt://127.0.0.1:{port}", _USER, self._password(port))
        except BaseException:
            self.stop()
            raise
        return self._address

    @property
    def address(self) -> Address:
        """Where the started server answers."""
        return self._address

    @property
    def pid(self) -> int | None:
        """Process id while it runs."""
        return None if self._process is None else self._process.pid

    def stop(self) -> None:
        """Shut down cleanly; kill after a minute. Does nothing when not running."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def _command(self) -> list[str]:
        memory = [f"-Xms{self._heap_mb // 2}m", f"-Xmx{self._heap_mb}m"]
        folders = [f"--home-dir={self._home}", f"--config-dir={self._home / 'conf'}"]
        classes = ["-cp", f"{self._jars}/*"]
        return bound([java(), *memory, *_JAVA_FLAGS, *classes, _MAIN, *folders], "TERM")

    def _write_settings(self, port: int) -> None:
        conf = self._home / "conf"
        conf.mkdir(parents=True, exist_ok=True)
        settings = {
            "server.default_listen_address": "127.0.0.1",
            "server.bolt.listen_address": f"127.0.0.1:{port}",
            "server.http.enabled": "false",
            "server.https.enabled": "false",
            "server.memory.pagecache.size": f"{self._page_cache_mb}m",
            "dbms.usage_report.enabled": "false",
            "db.tx_log.preallocate": "false",
            # A statement names the index it goes by, so that its plan never needs another look;
            # there are some dozen for each kind, and to plan one takes longer than to run it.
            "dbms.cypher.min_replan_interval": "1d",
            "server.memory.query_cache.per_db_cache_num_entries": "8000",
        }
        lines = "".join(f"{name}={value}\n" for name, value in settings.items())
        (conf / "neo4j.conf").write_text(lines, encoding="utf-8")

    def _await_port(self, process: subprocess.Popen[bytes], port: int) -> None:
        for _ in range(_START_POLLS):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return
            if process.poll() is not None:
                raise StoreUnavailable(f"Neo4j ended while starting: {self._last_words()}")
            time.sleep(_POLL_SECONDS)
        raise StoreUnavailable(f"Neo4j did not start within two minutes: {self._last_words()}")

    def _last_words(self) -> str:
        logs = (self._home / "logs" / "neo4j.log", self._home / "console.log")
        said = "".join(
            log.read_text(encoding="utf-8", errors="replace") for log in logs if log.exists()
        )
        return said.strip()[-500:]

    def _password(self, port: int) -> str:
        file = self._home / "password"
        if file.exists():
            return file.read_text(encoding="ascii")
        password = secrets.token_urlsafe(24)
        uri = f"bolt://127.0.0.1:{port}"
        with neo4j.GraphDatabase.driver(uri, auth=(_USER, "neo4j")) as driver:
            driver.execute_query(
                "ALTER CURRENT USER SET PASSWORD FROM 'neo4j' TO $password",
                password=password,
                database_="system",
            )
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(password)
        return password


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
