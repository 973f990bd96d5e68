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
before `GRAPHRISK_STORE`. What the environment does not say comes from the TOML file that
`GRAPHRISK_SETTINGS` names, in which `port = 8000` is `GRAPHRISK_PORT`. A value of the wrong form
ends the program with exit code 8 (`CONFIG`) and names the variable, or the file and the setting in
it; so does a name that is none, in a file, and `graphrisk doctor` names variables that are none.
Secrets are never shown, logged or put on a command line; a file that says one is refused while
others than its owner may read it.

配置在进程启动时从环境变量读取一次；命令行的 `--store` 优先于 `GRAPHRISK_STORE`。
环境变量未给出的项取自 `GRAPHRISK_SETTINGS` 所指的 TOML 文件（`port = 8000` 即 `GRAPHRISK_PORT`）；
文件中的未知名称或错误值会指明文件与项目。
密钥与口令从不显示、不写入日志、不出现在命令行；含密钥的文件若他人可读则被拒绝。

| variable | default | secret | is | 说明 |
|---|---|---|---|---|
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
_FAULT = "A fault of this program."
_SETTINGS_ZH = {
    "store": "图存储",
    "store_password": "图存储的口令；缺少时询问",
    "operations": "业务数据库；默认用数据目录中的 SQLite 文件",
    "data_dir": "通话明细、快照、退回行、密钥所在目录",
    "id_secret": "不透明标识的密钥，至少 16 个字符；默认生成一次并保存",
    "key_ring": "证件号码的密钥环文件",
    "calendar": "日历文件（YAML）：办公时间与未公布放假安排的年份；默认：已公布的，否则按周末",
    "issuer": "登录令牌（OpenID Connect）的签发者；未配置时只接受本机开发者与开发令牌",
    "issuer_keys": "签发者公钥集（JWKS）的 https 地址或文件",
    "audience": "令牌必须写明的受众",
    "case_demanded": "哪些角色或用途读取人员信息前须填写案件编号，如 purpose:investigation",
    "file_most_mib": "案件与任务附件的大小上限（MiB）",
    "console_client": "网页控制台在签发者处的客户端标识",
    "rights": "持令牌者的角色与辖区以何为准：claims 为令牌声明，rows 为业务数据库中的授权记录",
    "notices": "通知的去处：file:目录，或代发通知的 HTTP 服务地址；默认为 data_dir 的 notices 目录",
    "notices_key": "该服务的 Bearer 密钥；默认没有",
    "units": "各区域责任单位的文件（YAML）；默认：以区划代码称呼各级",
    "profile": "development：GraphQL 可内省、提供试查询页面；production：均不提供，且须设签发方",
    "documents": "接受哪些 GraphQL 文档：any 为任意，"
    "trusted 为仅限用 `graphrisk documents add` 登记的",
    "lookups_per_minute": "每个主体每分钟可批量查询的行数",
    "scores_per_minute": "每个应用每分钟可查询的评分数（每个进程分别计算）",
    "webhook_networks": "回调可指向的内网网段（可不加密）；默认没有，只允许 https 公网地址",
    "metrics_networks": "除本机外可读取 /metrics 的网段；默认没有",
    "host": "api 进程监听的地址",
    "port": "api 进程的端口",
    "scores_port": "scores 进程的端口",
    "detect_every_minutes": "每隔多少分钟检查图是否变化，有变化则运行检测；默认从不自动运行",
    "audit_witnesses": "为审计日志检查点联署的见证方：逐个写地址与公钥，以空格分隔；默认没有",
    "keep_audit_days": "审计中的人员、目的、案件号、对象保留天数，期满清除，日志条目不变；默认三年"
    "（《个人信息保护法》第五十六条），不少于六个月（《网络安全法》网络日志留存）",
    "retention": "案件、任务、命中、关注名单保存期限文件，只写与本版本不同者，"
    "并列出暂停删除的案件号；默认用本版本的",
    "case_capacity": "每次检测后能够立案核查的发现数；其中一部分由抽签选出，"
    "有抽签的结论才能用于以后的检测",
    "audit_share": "其中由抽签选出的比例",
    "keep_events_days": "发件箱中已排序事件的保留天数",
    "log": "进程在标准错误上记录的形式：text 供人阅读，json 每行一个对象",
}
_ERRORS_ZH = {
    "INTERNAL": "本程序内部故障",
    "BAD_INPUT": "外部给出的值无法使用；错误信息指明文件、行、列",
    "UNAUTHENTICATED": "无法确认身份：令牌或密钥缺失、未知、过期或已撤销",
    "FORBIDDEN": "范围、角色或用途不允许",
    "CASE_REQUIRED": "读取人员信息须填写本人承办案件的编号（X-Case）",
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
        said = f"{field.description} | {_SETTINGS_ZH[name]}"
        rows.append(f"| `GRAPHRISK_{name.upper()}` | {default} | {secret} | {said} |\n")
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
        base = error is GraphRiskError
        meaning = _FAULT if base else " ".join((error.__doc__ or "").split())
        code = f"`{error.code}` | {error.status} | {exit_code(error(''))}"
        yield f"| {code} | {meaning} | {_ERRORS_ZH[error.code]} |\n"
