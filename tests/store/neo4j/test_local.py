from __future__ import annotations

import xml.etree.ElementTree as ET
from importlib.resources import files
from pathlib import Path

import pytest

from graphrisk.core.errors import ConfigError
from graphrisk.store.neo4j.local import VERSION, Address, fetch_jars


def test_pom_pins_the_version_that_the_code_names() -> None:
    pom = ET.fromstring(files("graphrisk.store.neo4j").joinpath("pom.xml").read_text())
    namespace = {"m": "http://maven.apache.org/POM/4.0.0"}
    assert pom.findtext("m:dependencies/m:dependency/m:version", None, namespace) == VERSION


def test_missing_java_or_maven_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ConfigError, match="java and mvn"):
        fetch_jars(tmp_path / "jars")


def test_started_server_listens_on_the_loopback_only(neo4j_server: Address) -> None:
    assert "127.0.0.1" in neo4j_server.uri
