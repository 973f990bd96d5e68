"""Pages about settings and errors, from the code that defines them."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import SecretStr
from pydantic_core import PydanticUndefined

from graphrisk.cli.exits import exit_code
from graphrisk.core import errors
from graphrisk.core.errors import GraphRiskError
from graphrisk.settings import Settings

_SETTINGS = """\
# Settings 配置

Written by `make docs` from [`graphrisk/settings.py`](../graphrisk/settings.py).

Settings come from the environment, once, when a process starts; the command line's `--store` goes
before `GRAPHRISK_STORE`. A value of the wrong form ends the program with exit code 8 (`CONFIG`) and
names the variable; `graphrisk doctor` names variables that are no settings. Secrets are never
shown, logged or put on a command line.

配置在进程启动时从环境变量读取一次；命令行的 `--store` 优先于 `GRAPHRISK_STORE`。
密钥与口令从不显示、不写入日志、不出现在命令行。

| variable | default | secret | is |
|---|---|---|---|
"""
_ERRORS = """\
# Errors 错误

Written by `make docs` from [`graphrisk/core/errors.py`](../graphrisk/core/errors.py).

Everything this service refuses carries one of these codes: in GraphQL as `extensions.code`, in REST
as the status, on the command line as the exit code. The message beside it is for people and may
change; the code does not.

| code | HTTP status | exit code | means | 含义 |
|---|---|---|---|---|
"""
_CHINESE = {
    "INTERNAL": "本程序内部故障",
    "BAD_INPUT": "外部给出的值无法使用；错误信息指明文件、行、列",
    "FORBIDDEN": "范围、角色或用途不允许",
    "NOT_FOUND": "在调用者的范围内没有此对象",
    "CONFLICT": "读取之后状态已变，未写入任何内容",
    "LIMIT_EXCEEDED": "达到规定的上限（行数、深度、代价、频率）",
    "CONFIG": "配置、映射、模式文件或密钥环无法使用",
    "STORE": "存储返回故障，责任不在调用者",
    "STORE_UNAVAILABLE": "存储暂时无法连接，稍后重试可能成功",
    "UNSUPPORTED": "此引擎做不到；错误信息指明哪个可以",
}


def settings() -> str:
    """docs/settings.md."""
    rows = []
    for name, field in Settings.model_fields.items():
        is_secret = SecretStr in (field.annotation, *getattr(field.annotation, "__args__", ()))
        plain = field.default is None or field.default is PydanticUndefined
        default = "" if plain else f"`{field.default}`"
        secret = "yes" if is_secret else ""
        rows.append(
            f"| `GRAPHRISK_{name.upper()}` | {default} | {secret} | {field.description} |\n"
        )
    return _SETTINGS + "".join(rows)


def error_page() -> str:
    """docs/errors.md."""
    return _ERRORS + "".join(_error_rows())


def error_types() -> list[type[GraphRiskError]]:
    """All errors of the tree, the base first."""
    found = [value for value in vars(errors).values() if isinstance(value, type)]
    return [value for value in found if issubclass(value, GraphRiskError)]


def _error_rows() -> Iterator[str]:
    for error in error_types():
        meaning = " ".join((error.__doc__ or "").split())
        code = f"`{error.code}` | {error.status} | {exit_code(error(''))}"
        yield f"| {code} | {meaning} | {_CHINESE[error.code]} |\n"
