"""One frozen ``Settings``, built at the entry point; nothing else reads the environment.

What the environment does not say comes from the TOML file that ``GRAPHRISK_SETTINGS`` names.
"""

from __future__ import annotations

import os
import stat
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from graphrisk.core.errors import ConfigError
from graphrisk.core.ids import LEAST_SECRET_BYTES, kept_secret
from graphrisk.core.logs import Form

#: The variable that names a file of settings.
FILE_VARIABLE = "GRAPHRISK_SETTINGS"
_SQLITE = "sqlite:///"
#: Settings that may hold a secret: a file that says one is its owner's alone.
_SECRET = frozenset({"store_password", "id_secret", "notices_key", "operations"})
#: Scores that one application may look up a minute.
USUAL_SCORES = 60_000


class Settings(BaseSettings):
    """Configuration of one deployment (environment ``GRAPHRISK_*``; see docs/settings.md)."""

    model_config = SettingsConfigDict(
        env_prefix="GRAPHRISK_",
        env_ignore_empty=True,
        hide_input_in_errors=True,  # it may be a secret
        frozen=True,
        extra="forbid",
    )

    store: str = Field(
        default="sqlite:///graphrisk-data/graph.db",
        description="Graph store: sqlite:///FILE or neo4j://USER@HOST:PORT",
    )
    store_password: SecretStr | None = Field(
        default=None, description="Password of the graph store; asked for when missing"
    )
    operations: str | None = Field(
        default=None,
        repr=False,  # the URL may hold a password
        description="Operations database: sqlite:///FILE or postgresql://USER@HOST/NAME with "
        "PGPASSWORD or PGPASSFILE; default: operations.db in data_dir",
    )
    data_dir: Path | None = Field(
        default=None,
        description="Raw calls, snapshots, rejects, keys; default: FILE.files beside SQLite's FILE",
    )
    id_secret: SecretStr | None = Field(
        default=None,
        min_length=LEAST_SECRET_BYTES,
        description="Secret of opaque ids, at least 16 characters; default: made once and kept "
        "in data_dir",
    )
    key_ring: Path | None = Field(
        default=None, description="Key ring file for identity numbers; default in data_dir"
    )
    calendar: Path | None = Field(
        default=None,
        description="YAML file with office hours and with the holidays of years that are not "
        "official yet; default: what the State Council announced, weekends where it has not yet",
    )
    issuer: str | None = Field(
        default=None,
        description="Issuer of bearer tokens (OpenID Connect), as tokens name it; default: the "
        "development principal, and the tokens of `graphrisk token`",
    )
    issuer_keys: str | None = Field(
        default=None, description="The issuer's key set (JWKS): https address or file"
    )
    audience: str = Field(default="graphrisk", description="The audience that tokens must name")
    console_client: str = Field(
        default="graphrisk-console", description="The web console's client id at the issuer"
    )
    rights: Literal["claims", "rows"] = Field(
        default="claims",
        description="Where roles and areas of who brings a token stand: in its claims, or in rows "
        "of the operations database (`graphrisk principal`)",
    )
    case_demanded: str = Field(
        default="",
        description="Who has to name a case of his (X-Case) before he reads of persons: a list "
        "such as purpose:investigation,role:analyst; default: nobody",
    )
    units: Path | None = Field(
        default=None,
        description="YAML file of the units that are responsible for areas; default: each level "
        "of each area, named by its code",
    )
    notices: str | None = Field(
        default=None,
        description="Where notices go: file:DIR or the http address of the service that sends "
        "them on; default: the folder notices in data_dir",
    )
    notices_key: SecretStr | None = Field(
        default=None, description="Bearer key of that service; default: none"
    )
    file_most_mib: int = Field(
        default=50,
        ge=1,
        le=200,
        description="How large a file of a case or task may be, MiB",
    )
    profile: Literal["development", "production"] = Field(
        default="development",
        description="development: GraphQL tells its schema (introspection) and shows the "
        "explorer page; production: neither, and an issuer is needed",
    )
    documents: Literal["any", "trusted"] = Field(
        default="any",
        description="Which GraphQL documents are answered: any, or those alone that "
        "`graphrisk documents add` has registered",
    )
    lookups_per_minute: int = Field(
        default=5_000, ge=1, description="Lines of pasted lists that one principal may look up"
    )
    scores_per_minute: int = Field(
        default=USUAL_SCORES,
        ge=1,
        description="Scores that one application may look up a minute, of each process",
    )
    webhook_networks: str = Field(
        default="",
        description="Private networks that webhooks may lead into, also without TLS: a list such "
        "as 10.20.0.0/16,192.168.7.0/24; default: none, https to public addresses alone",
    )
    metrics_networks: str = Field(
        default="",
        description="Networks that may read /metrics beside this machine: a list such as "
        "10.20.0.0/16; default: none",
    )
    host: str = Field(default="127.0.0.1", description="Address the api process listens on")
    port: int = Field(default=8000, ge=1, le=65_535, description="Port of the api process")
    scores_port: int = Field(
        default=8001, ge=1, le=65_535, description="Port of the scores process, another one"
    )
    log: Form = Field(
        default="text",
        description="How processes say what they do, on stderr: text for people, or json, an "
        "object a line, for a collector of logs",
    )
    detect_every_minutes: int | None = Field(
        default=None,
        ge=1,
        description="The worker looks this often whether the graph changed, and if so runs a "
        "detection; default: never by itself",
    )
    audit_witnesses: str | None = Field(
        default=None,
        description="Who cosigns the audit's checkpoints (C2SP tlog-witness): address and key of "
        "each, all parted by spaces; default: nobody",
    )
    keep_audit_days: int = Field(
        default=1_096,
        ge=184,
        description="How long the audit says who read and decided what; then the names go and the "
        "log's entries stay. Default: three years (Personal Information Protection Law, Art. 56), "
        "at least six months (Cybersecurity Law, keeping of network logs)",
    )
    retention: Path | None = Field(
        default=None,
        description="File of periods over which cases, tasks, hits and watch lists are kept, where "
        "they differ from the release's, and of cases that are held; default: the release's",
    )
    case_capacity: int = Field(
        default=20,
        ge=1,
        description="How many cases people can open on the findings of a detection; a share of "
        "them is drawn by lot, and only then do verdicts teach later detections",
    )
    audit_share: float = Field(
        default=0.2, gt=0.0, lt=1.0, description="The share of these cases that is drawn by lot"
    )
    keep_events_days: int = Field(
        default=30, ge=1, description="How long the outbox keeps events that were placed"
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the library's signature
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - likewise
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What was said in code, then the environment, then the file."""
        return init_settings, env_settings, InitSettingsSource(settings_cls, _of_file())

    @property
    def sqlite_file(self) -> Path | None:
        """The graph file, ``None`` when the store is a server; ``ConfigError`` without a name."""
        if not self.store.startswith(_SQLITE):
            return None
        file = self.store.removeprefix(_SQLITE)
        if not Path(file).name:
            raise ConfigError(f"the store {self.store} names no file: sqlite:///FILE")
        return Path(file)

    @property
    def folder(self) -> Path:
        """Where everything beside the graph lies: one folder a store, so that two never mix."""
        if self.data_dir is not None:
            return self.data_dir
        file = self.sqlite_file
        if file is not None:
            return file.with_name(file.name + ".files")
        uri, _ = self.neo4j_target()
        return Path("graphrisk-data") / uri.partition("//")[2].replace(":", "-")

    @property
    def snapshot_folder(self) -> Path:
        """Where the columns that algorithms read are kept."""
        return self.folder / "snapshot"

    @property
    def scores_folder(self) -> Path:
        """Where a run publishes its scores for the look-up process: beside the snapshot."""
        return self.folder / "scores"

    @property
    def feeds_folder(self) -> Path:
        """Where feeds are described, a YAML file each."""
        return self.folder / "feeds"

    @property
    def feed_files(self) -> list[Path]:
        """The files there, by name."""
        return sorted(self.feeds_folder.glob("*.yaml"))

    @property
    def ladder_file(self) -> Path:
        """The deployment's own action ladder of rules, where it has one."""
        return self.folder / "ladder.yaml"

    @property
    def audit_folder(self) -> Path:
        """Where the processes record who read what, and the log of it."""
        return self.folder / "audit"

    @property
    def files_folder(self) -> Path:
        """Where files of cases and tasks are kept, encrypted."""
        return self.folder / "files"

    @property
    def documents_file(self) -> Path:
        """The register of trusted GraphQL documents."""
        return self.folder / "documents.json"

    @property
    def notices_target(self) -> str:
        """Where notices go."""
        return self.notices or f"file:{self.folder / 'notices'}"

    @property
    def operations_url(self) -> str:
        """SQLAlchemy URL of the operations database."""
        return self.operations or f"sqlite:///{self.folder / 'operations.db'}"

    @property
    def operations_shown(self) -> str:
        """The same without user, password and options, of which one may be the password."""
        scheme, _, rest = self.operations_url.partition("://")
        return f"{scheme}://{rest.rpartition('@')[2].partition('?')[0]}"

    @property
    def id_secret_bytes(self) -> bytes:
        """Secret of opaque ids; the first call of a deployment draws and keeps it."""
        if self.id_secret is not None:
            return self.id_secret.get_secret_value().encode()
        return kept_secret(self.folder / "id-secret")

    @property
    def key_ring_file(self) -> Path:
        """The key ring of identity numbers."""
        return self.key_ring or self.folder / "keys.json"

    def environment(self, around: Mapping[str, str]) -> dict[str, str]:
        """The environment of another process: ``around`` with these settings, secrets in clear."""
        ours = {name: f"GRAPHRISK_{name.upper()}" for name in type(self).model_fields}
        theirs = {*ours.values(), FILE_VARIABLE}
        environment = {name: text for name, text in around.items() if name not in theirs}
        for name, value in self.model_dump(exclude_none=True).items():
            clear = value.get_secret_value() if isinstance(value, SecretStr) else value
            environment[ours[name]] = str(clear)
        return environment

    def neo4j_target(self) -> tuple[str, str]:
        """``(uri, user)`` of a Neo4j store URL; ``ConfigError`` when it is none."""
        try:
            parts = urlsplit(self.store)
            port = parts.port or 7687
        except ValueError as error:
            raise ConfigError(f"the store is not neo4j://USER@HOST:PORT: {error}") from error
        if not parts.scheme.startswith(("neo4j", "bolt")) or parts.hostname is None:
            raise ConfigError(
                f"store is neither sqlite:///FILE nor neo4j://USER@HOST: {parts.scheme}"
            )
        if parts.password is not None:
            raise ConfigError("put the store's password into GRAPHRISK_STORE_PASSWORD, not the URL")
        host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        return f"{parts.scheme}://{host}:{port}", parts.username or "neo4j"


def read_settings(store: str | None = None) -> Settings:
    """Settings of the environment and its file, ``store`` over them.

    ``ConfigError`` names the variable, or the file and the setting in it, that is wrong.
    """
    try:
        return Settings() if store is None else Settings(store=store)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        variable = f"GRAPHRISK_{name.upper()}"
        if variable not in os.environ and name in _of_file():
            raise ConfigError(f"{os.environ[FILE_VARIABLE]}: {name}: {first['msg']}") from error
        raise ConfigError(f"{variable}: {first['msg']}") from error


def _of_file() -> dict[str, object]:
    """What the file of settings says, if one is named; ``ConfigError`` when it cannot be read."""
    named = os.environ.get(FILE_VARIABLE)
    if not named:
        return {}
    file = Path(named)
    try:
        said: dict[str, object] = tomllib.loads(file.read_text(encoding="utf-8"))
        mode = file.stat().st_mode
    except OSError as error:
        raise ConfigError(f"{FILE_VARIABLE}: {file}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file}: no TOML: {error}") from error
    secrets = _SECRET & said.keys()
    if secrets and mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise ConfigError(f"{file} says {min(secrets)} and others may read it: chmod 600 {file}")
    return said
