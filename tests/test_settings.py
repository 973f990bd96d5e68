"""Settings: where things lie, what is shown, and how they reach another process."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from graphrisk.core.errors import ConfigError
from graphrisk.settings import FILE_VARIABLE, Settings, read_settings


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"GRAPHRISK_{name.upper()}", raising=False)
    monkeypatch.delenv(FILE_VARIABLE, raising=False)


def test_settings_reach_another_process_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(
        store="bolt://neo4j@127.0.0.1:7687",
        store_password=SecretStr("s3cret"),
        data_dir=tmp_path,
        port=8123,
        detect_every_minutes=5,
    )
    monkeypatch.setenv("GRAPHRISK_OPERATIONS", "postgresql://risk@db/risk")
    environment = settings.environment({"PATH": "/bin", "GRAPHRISK_OPERATIONS": "of another"})
    assert environment["PATH"] == "/bin"
    monkeypatch.delenv("GRAPHRISK_OPERATIONS")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert Settings() == settings


def test_settings_cannot_be_changed_and_misspelt_ones_are_refused() -> None:
    settings = Settings()
    with pytest.raises(ValidationError):
        settings.port = 1
    with pytest.raises(ValidationError, match="stores"):
        Settings.model_validate({"stores": "sqlite:///graph.db"})


def test_an_empty_variable_counts_as_not_given_and_a_short_secret_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("GRAPHRISK_ID_SECRET", "")
    monkeypatch.setenv("GRAPHRISK_DETECT_EVERY_MINUTES", "")
    assert Settings().id_secret is None
    assert Settings().detect_every_minutes is None
    monkeypatch.setenv("GRAPHRISK_ID_SECRET", "short")
    with pytest.raises(ValidationError, match="id_secret") as raised:
        Settings()
    assert "'short'" not in str(raised.value)


def test_secrets_are_not_shown() -> None:
    settings = Settings(
        store_password=SecretStr("s3cret"),
        id_secret=SecretStr("h1dden-and-long-enough"),
        operations="postgresql://risk:s3cret@db/risk",
    )
    shown = f"{settings!r} {settings}"
    assert "s3cret" not in shown
    assert "h1dden" not in shown


def test_two_stores_share_no_folder() -> None:
    stores = (
        "sqlite:///a/graph.db",
        "sqlite:///b/graph.db",
        "sqlite:///a/other.db",
        "neo4j://neo4j@one:7687",
        "neo4j://neo4j@one:7688",
        "neo4j://neo4j@two",
    )
    assert len({Settings(store=store).folder for store in stores}) == len(stores)
    assert Settings(store="sqlite:////data/graph.db").folder == Path("/data/graph.db.files")


def test_the_operations_database_is_shown_without_its_password() -> None:
    settings = Settings(operations="postgresql://risk:s3cret@db/risk")
    assert settings.operations_shown == "postgresql://db/risk"
    aside = Settings(operations="postgresql://db/risk?user=u&password=hidden")
    assert aside.operations_shown == "postgresql://db/risk"
    own = Settings(store="sqlite:////data/graph.db").operations_url
    assert own == "sqlite:////data/graph.db.files/operations.db"


def test_a_neo4j_url_gives_address_and_user() -> None:
    assert Settings(store="neo4j://risk@db:7690").neo4j_target() == ("neo4j://db:7690", "risk")
    assert Settings(store="neo4j+s://db").neo4j_target() == ("neo4j+s://db:7687", "neo4j")
    assert Settings(store="neo4j://u@[::1]:7690").neo4j_target() == ("neo4j://[::1]:7690", "u")
    for store in (
        "http://db",
        "graph.db",
        "neo4j:///x",
        "neo4j://u@h:99999",
        "neo4j://u@h:abc",
        "neo4j://u@[::1",
    ):
        with pytest.raises(ConfigError):
            Settings(store=store).neo4j_target()


def test_a_store_without_a_file_and_a_port_that_is_none_are_refused() -> None:
    for store in ("sqlite:///", "sqlite:////", "sqlite:///."):
        with pytest.raises(ConfigError, match="names no file"):
            _ = Settings(store=store).folder
    for port in (0, -1, 65_536):
        with pytest.raises(ValidationError):
            Settings(port=port)
        with pytest.raises(ValidationError):
            Settings(scores_port=port)


def test_the_secret_of_ids_is_drawn_once_and_only_for_its_owner(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    first = settings.id_secret_bytes
    assert first == settings.id_secret_bytes == Settings(data_dir=tmp_path).id_secret_bytes
    assert len(first) >= 32
    assert (tmp_path / "id-secret").stat().st_mode & 0o077 == 0
    assert Settings(data_dir=tmp_path, id_secret=SecretStr("o" * 16)).id_secret_bytes == b"o" * 16


def _file(folder: Path, text: str, mode: int = 0o600) -> Path:
    file = folder / "graphrisk.toml"
    file.write_text(text, encoding="utf-8")
    file.chmod(mode)
    return file


def test_a_file_says_what_the_environment_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = _file(
        tmp_path, 'store = "sqlite:///a.db"\nport = 8123\nid_secret = "0123456789abcdef"\n'
    )
    monkeypatch.setenv(FILE_VARIABLE, str(file))
    monkeypatch.setenv("GRAPHRISK_PORT", "8200")
    settings = read_settings()
    assert (settings.store, settings.port) == ("sqlite:///a.db", 8200)
    assert settings.id_secret_bytes == b"0123456789abcdef"
    assert read_settings("sqlite:///b.db").store == "sqlite:///b.db"
    environment = settings.environment({FILE_VARIABLE: str(file)})
    assert FILE_VARIABLE not in environment
    assert environment["GRAPHRISK_STORE"] == "sqlite:///a.db"


@pytest.mark.parametrize(
    ("text", "mode", "said"),
    [
        ("port = 'x'", 0o600, "graphrisk.toml: port: "),
        ("prot = 8000", 0o600, "graphrisk.toml: prot: "),
        ("port = \nhost = 1", 0o600, "no TOML: .*line 1"),
        ("[api]\nport = 8000", 0o600, "graphrisk.toml: api: "),
        ("store_password = 's3cret'", 0o644, "others may read it"),
        ("operations = 'postgresql://risk:s3cret@db/risk'", 0o640, "others may read it"),
    ],
)
def test_a_file_that_is_wrong_is_refused_by_name_and_place(
    text: str, mode: int, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(FILE_VARIABLE, str(_file(tmp_path, text, mode)))
    with pytest.raises(ConfigError, match=said) as raised:
        read_settings()
    assert "s3cret" not in str(raised.value)


def test_a_file_that_is_not_there_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FILE_VARIABLE, str(tmp_path / "none.toml"))
    with pytest.raises(ConfigError, match=r"none\.toml: No such file"):
        read_settings()
