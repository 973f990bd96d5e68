"""docker-compose.yml: valid, closed to the outside, and in step with settings and commands."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import Any

import pytest
import typer.main
import yaml

from graphrisk.cli.app import app
from graphrisk.settings import Settings
from graphrisk.store.neo4j.local import VERSION
from scripts.generate import ROOT

FILE = ROOT / "docker-compose.yml"
COMPOSE: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: one for name, one in SERVICES.items() if one["image"].startswith("graphrisk:")}


def test_it_follows_the_compose_schema() -> None:
    command = ["check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(FILE)]
    done = subprocess.run(
        [sys.executable, "-m", *command], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_only_the_api_is_published_and_on_this_machine_alone() -> None:
    ports = {name: one["ports"] for name, one in SERVICES.items() if "ports" in one}
    assert ports == {"api": ["127.0.0.1:${GRAPHRISK_PORT:-8000}:8000"]}
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    outside = [name for name, one in SERVICES.items() if "outside" in one["networks"]]
    assert outside == ["api"]
    assert not [name for name, one in SERVICES.items() if "network_mode" in one]


@pytest.mark.parametrize("name", SERVICES)
def test_nobody_is_root_or_may_become_so(name: str) -> None:
    service = SERVICES[name]
    assert int(service["user"].partition(":")[0]) >= 1000
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert not {"privileged", "cap_add", "devices", "pid", "ipc"} & service.keys()


@pytest.mark.parametrize("name", OURS)
def test_our_containers_write_to_their_volumes_alone(name: str) -> None:
    service = OURS[name]
    assert service["read_only"] is True
    assert service["tmpfs"] == ["/tmp"]
    writable = [v.split(":")[1] for v in service["volumes"] if not v.endswith(":ro")]
    assert writable == ["/data", "/cache"]
    assert service["environment"]["GRAPHRISK_DATA_DIR"] == "/data"


def test_neo4j_writes_where_its_image_must_and_nowhere_else() -> None:
    neo4j = SERVICES["neo4j"]
    assert neo4j["read_only"] is True
    writable = [volume.split(":")[1] for volume in neo4j["volumes"]]
    assert writable == ["/data", "/logs", "/var/lib/neo4j/conf"]
    assert [mount.split(":")[0] for mount in neo4j["tmpfs"]] == ["/tmp"]
    assert neo4j["environment"]["NEO4J_server_directories_run"] == "/tmp"


def test_neo4j_is_given_its_memory_in_settings_that_exist() -> None:
    given = SERVICES["neo4j"]["environment"]
    memory = {name: value for name, value in given.items() if "_memory_" in name}
    assert {name.removeprefix("NEO4J_") for name in memory} == {
        "server_memory_heap_initial__size",
        "server_memory_heap_max__size",
        "server_memory_pagecache_size",
    }
    heap, most, pages = memory.values()
    assert heap == most == "${NEO4J_HEAP:-2G}", "a heap that grows stops the server while it does"
    assert pages == "${NEO4J_PAGECACHE:-1G}"


@pytest.mark.parametrize("name", OURS)
def test_every_variable_is_a_setting(name: str) -> None:
    settings = {f"GRAPHRISK_{field.upper()}" for field in Settings.model_fields}
    assert OURS[name]["environment"].keys() <= settings


@pytest.mark.parametrize("name", OURS)
def test_every_command_is_one_of_ours(name: str) -> None:
    command, *rest = OURS[name]["command"]
    known = typer.main.get_command(app).commands[command]  # type: ignore[attr-defined]
    options = {option for parameter in known.params for option in parameter.opts}
    assert {word for word in rest if word.startswith("--")} <= options
    if command == "up":
        assert rest[:2] == ["--only", name]


def test_passwords_have_no_default_and_stand_nowhere() -> None:
    text = FILE.read_text(encoding="utf-8")
    assert SERVICES["neo4j"]["environment"]["NEO4J_AUTH"] == (
        "neo4j/${NEO4J_PASSWORD:?set NEO4J_PASSWORD}"
    )
    given = re.findall(r"\$\{(\w*(?:PASSWORD|SECRET)\w*)(:[^}]*)\}", text)
    assert {rest for _, rest in given} == {":?set NEO4J_PASSWORD", ":-"}
    assert [name for name, rest in given if rest == ":-"] == ["GRAPHRISK_ID_SECRET"]


def test_images_are_pinned_and_neo4j_is_the_one_that_is_tested() -> None:
    assert SERVICES["neo4j"]["image"] == f"neo4j:{VERSION}-community"
    for service in SERVICES.values():
        assert re.fullmatch(r"[a-z0-9/]+:\d+\.\d+\.\d+[\w.-]*", service["image"])


def test_load_then_who_is_who_then_detect_then_serve() -> None:
    def waits(name: str) -> dict[str, str]:
        return {on: how["condition"] for on, how in SERVICES[name]["depends_on"].items()}

    done = "service_completed_successfully"
    assert waits("load") == {"neo4j": "service_healthy"}
    assert waits("resolve") == {"load": done}
    assert waits("detect") == {"resolve": done}
    assert waits("api") == {"neo4j": "service_healthy", "detect": done}
    assert waits("scores") == waits("worker") == {"detect": done}
    restarting = {name for name, one in SERVICES.items() if "restart" in one}
    assert restarting == {"neo4j", "api", "scores", "worker"}


def test_who_is_served_beyond_the_machine_signs_on_with_an_issuer() -> None:
    for name in ("api", "scores"):
        given = SERVICES[name]["environment"]
        assert given["GRAPHRISK_ISSUER"] == "${GRAPHRISK_ISSUER:?set GRAPHRISK_ISSUER}"
        keys = given["GRAPHRISK_ISSUER_KEYS"]
        assert [one for one in SERVICES[name]["volumes"] if one.endswith(f":{keys}:ro")]


def test_deliveries_are_read_only() -> None:
    assert "${DELIVERIES:?set DELIVERIES}:/deliveries:ro" in SERVICES["load"]["volumes"]
    assert SERVICES["load"]["command"] == ["load", "/deliveries"]


def test_every_volume_and_network_is_declared() -> None:
    used = {v.split(":")[0] for one in SERVICES.values() for v in one["volumes"]}
    assert {name for name in used if not name.startswith("$")} == COMPOSE["volumes"].keys()
    joined = {network for one in SERVICES.values() for network in one["networks"]}
    assert joined == COMPOSE["networks"].keys()
