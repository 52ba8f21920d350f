"""Settings from the environment (GONGKAI_*), read when the application is built and never at import."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from gongkai.model.errors import RequestError
from gongkai.service.limits import Limits

#: Where the agency is: times are told there, and months are the calendar's there.
ZONE = timezone(timedelta(hours=8))

if TYPE_CHECKING:
    from gongkai.service.readers import Reader

PREFIX = "GONGKAI_"


class Wish(NamedTuple):
    """How a value of the environment is read: `read` raises ValueError, `wanted` says in Chinese what it should be."""

    read: Callable[[str], Any]
    wanted: str


def _whole(least: int, most: int = 2**40) -> Wish:
    def read(text: str) -> int:
        if not (text.isascii() and text.isdecimal() and least <= int(text) <= most):
            raise ValueError
        return int(text)

    return Wish(read, f"不小于 {least} 的整数" if most == 2**40 else f"{least} 到 {most} 的整数")


def _one_of(*words: str) -> Wish:
    return Wish(dict(zip(words, words, strict=True)).__getitem__, "、".join(words) + " 之一")


def _site(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError
    return text.rstrip("/")


def _database(text: str) -> str:
    if not text.startswith(("sqlite://", "postgresql://", "postgresql+psycopg://")):
        raise ValueError
    return text


TEXT = Wish(str, "文字")
PATH = Wish(Path, "路径")
SWITCH = Wish({"0": False, "1": True}.__getitem__, "1（开）或者 0（关）")
SITE = Wish(_site, "http:// 或 https:// 开头的地址")
DATABASE = Wish(_database, "sqlite:// 或 postgresql:// 开头的地址")


def _set(name: str, default: Any, wish: Wish, says: str, *, secret: bool = False) -> Any:  # noqa: ANN401
    """A setting: its variable, default, how it is read and what it is for."""
    metadata = {"name": PREFIX + name, "wish": wish, "says": says, "secret": secret}
    return field(default=default, metadata=metadata, repr=not secret)


@dataclass(frozen=True, slots=True)
class Settings:
    """What one deployment sets. `readers` of its own formats by extension (`.abc`) come before ours; they and `limits`
    are set by no variable. Sizes in bytes, times in seconds unless the name says hours."""

    profile: str = _set("PROFILE", "default", TEXT, "机关画像名")
    tables: Path | None = _set("TABLES", None, PATH, "自己的规则表目录")
    model: Path | None = _set("MODEL", None, PATH, "模型目录；换上新的，几秒内启用，不用重启")
    fast: bool = _set("FAST", False, SWITCH, "快速模式")
    max_request_bytes: int = _set("MAX_REQUEST_BYTES", 20 * 2**20, _whole(1024), "一次请求最多多少字节")
    data: Path = _set("DATA", Path("gongkai-data"), PATH, "数据目录：数据库、密钥文件、临时文件都在里面")
    database: str = _set("DATABASE", "", DATABASE, "数据库地址；不设则用数据目录里的 SQLite", secret=True)
    key: str = _set("KEY", "", TEXT, "加密密钥（32 字节，base64 或十六进制）", secret=True)
    key_file: Path | None = _set("KEY_FILE", None, PATH, "加密密钥文件；两者都不设则在数据目录里生成")
    old_keys: str = _set("OLD_KEYS", "", TEXT, "换密钥时：以前的密钥，逗号分开；全部换好以后去掉", secret=True)
    keep_text: bool = _set("KEEP_TEXT", False, SWITCH, "是否保存公文文字（加密）；关着时只存摘要、结论和决定")
    workers: int = _set("WORKERS", os.cpu_count() or 1, _whole(0, 64), "处理文件的子进程数；0 为不另起进程，只供试用")
    queue: int = _set("QUEUE", 64, _whole(1, 10_000), "最多多少个请求等着处理，再多就答复繁忙")
    queue_seconds: int = _set("QUEUE_SECONDS", 10, _whole(1, 3600), "排队预计要等多少秒以上，就答复繁忙")
    task_seconds: int = _set("TASK_SECONDS", 60, _whole(1, 3600), "处理一份文件最多用多少秒处理器时间")
    task_memory: int = _set("TASK_MEMORY", 1536 * 2**20, _whole(256 * 2**20), "一个子进程最多用多少字节内存")
    job_workers: int = _set("JOB_WORKERS", 1, _whole(0, 64), "同时办理几个长任务；0 为本进程不办理")
    open: bool = _set("OPEN", False, SWITCH, "不设账户：谁都是起草人，什么都不保存，只能监听本机地址")
    public_url: str = _set("PUBLIC_URL", "", SITE, "用户打开的地址，用于加载项清单和跨站防护")
    tls_certificate: Path | None = _set("TLS_CERTIFICATE", None, PATH, "TLS 证书文件（PEM）")
    tls_key: Path | None = _set("TLS_KEY", None, PATH, "TLS 私钥文件（PEM）")
    proxies: str = _set("PROXIES", "", TEXT, "可信的反向代理地址，逗号分开；它们转来的客户端地址才算数")
    rate: int = _set("RATE", 600, _whole(1), "每人每分钟最多多少个请求")
    session_hours: int = _set("SESSION_HOURS", 10, _whole(1, 168), "登录后最多多少小时要重新登录")
    log_format: str = _set("LOG_FORMAT", "json", _one_of("json", "text"), "日志格式：json 或者 text")
    office_js: Path | None = _set("OFFICE_JS", None, PATH, "Word 加载项要用的 Office.js 目录（微软发布，由机关自备）")
    backlogs: Path | None = _set("BACKLOGS", None, PATH, "存量原件所在的目录；审查页只从这里重读原文")
    exchange: int = _set("EXCHANGE", 2_000, _whole(0), "存量清单超过多少件，导出和导入就在后台办理，办好再下载")
    published: Path | None = _set("PUBLISHED", None, PATH, "已公开文件所在的目录，供巡查")
    frames: str = _set("FRAMES", "", TEXT, "哪些站点可以把加载项窗格嵌进网页，空格分开")
    oidc_issuer: str = _set("OIDC_ISSUER", "", SITE, "统一身份认证（OIDC）的颁发者地址")
    oidc_client: str = _set("OIDC_CLIENT", "", TEXT, "在统一身份认证登记的客户端编号")
    oidc_secret: str = _set("OIDC_SECRET", "", TEXT, "在统一身份认证登记的客户端密钥", secret=True)
    limits: Limits = field(default_factory=Limits)
    readers: Mapping[str, Reader] = field(default_factory=dict, hash=False)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """Read every variable that is set and not empty. Raises RequestError for a bad value."""
        given = {}
        for one in fields(cls):
            text = environment.get(one.metadata.get("name", ""), "")
            if text:
                given[one.name] = _read(one.metadata["name"], one.metadata["wish"], text)
        return cls(**given)


def _read(name: str, wish: Wish, text: str) -> Any:  # noqa: ANN401
    try:
        return wish.read(text)
    except (ValueError, KeyError) as error:
        raise RequestError(f"环境变量 {name} 应当是{wish.wanted}，请改正。") from error


class Explained(NamedTuple):
    """One setting as `gongkai config` shows it; a secret's value is never shown."""

    name: str
    value: str
    given: bool
    says: str


def explained(settings: Settings, environment: Mapping[str, str]) -> Iterator[Explained]:
    """Every setting that a variable sets, with its value now and whether the environment gave it."""
    for one in fields(settings):
        if not one.metadata:
            continue
        value = getattr(settings, one.name)
        shown = "（已设置，不显示）" if one.metadata["secret"] and value else _shown(value)
        yield Explained(one.metadata["name"], shown, bool(environment.get(one.metadata["name"])), one.metadata["says"])


def _shown(value: object) -> str:
    return {True: "1", False: "0"}[value] if isinstance(value, bool) else "" if value is None else str(value)


def unknown(environment: Mapping[str, str]) -> list[str]:
    """Variables that look like ours and set nothing: most likely misspelt."""
    names = {one.metadata["name"] for one in fields(Settings) if one.metadata}
    return sorted(name for name in environment if name.startswith(PREFIX) and name not in names)
