from __future__ import annotations

from pathlib import Path

from pydantic import SecretStr

from graphrisk.settings import Settings


def test_settings_reach_another_process_whole(tmp_path: Path) -> None:
    settings = Settings(
        store="bolt://neo4j@127.0.0.1:7687",
        store_password=SecretStr("s3cret"),
        data_dir=tmp_path,
        port=8123,
    )
    environment = settings.environment()
    assert environment["GRAPHRISK_STORE_PASSWORD"] == "s3cret"
    again = {name.removeprefix("GRAPHRISK_").lower(): value for name, value in environment.items()}
    assert Settings(**again) == settings
