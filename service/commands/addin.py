"""The command addin: what registers the task pane in Word and in WPS Office."""

from __future__ import annotations

import argparse
from pathlib import Path

from gongkai.model.errors import OutputError, RequestError
from gongkai.model.screener import product_version
from gongkai.service.addin import manifests
from gongkai.service.settings import Settings

_NEXT = {
    "word": "把清单放到共享文件夹（Word：选项 → 信任中心 → 受信任的加载项目录），或者由管理员集中部署。",
    "wps": "publish.xml 放到各人的 jsaddons 目录，或者把 jsplugins.xml 放到内网网站并在 oem.ini 里指明。",
}


def options(command: argparse.ArgumentParser) -> None:
    """What addin understands."""
    command.add_argument("program", choices=("word", "wps"), metavar="word|wps", help="Word 还是 WPS Office")
    command.add_argument("--url", metavar="网址", help="用户打开的服务地址，默认 GONGKAI_PUBLIC_URL；Word 要求 https")
    command.add_argument("--out", type=Path, default=Path(), metavar="目录", help="写到哪里，默认当前目录")
    command.add_argument("--provider", default="gongkai", metavar="名称", help="清单里的提供者名称，例如本机关")


def run(given: argparse.Namespace, settings: Settings) -> bool:
    """Write the files and say what to do with them. Raises RequestError, OutputError."""
    url = given.url or settings.public_url
    if not url:
        raise RequestError("不知道服务的地址，请用 --url 给出，或者设置 GONGKAI_PUBLIC_URL。")
    made = (
        manifests.word(url, product_version(), given.provider)
        if given.program == "word"
        else manifests.wps(url, product_version())
    )
    for name, text in made.items():
        _write(given.out / name, text)
        print(f"已写出 {given.out / name}")
    print(_NEXT[given.program])
    return True


def _write(path: Path, text: str) -> None:
    # readable by all, unlike results: it holds nothing private and other people's programs read it
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    except OSError as error:
        raise OutputError("加载项文件写不出来，请确认输出目录可写、磁盘没有满。") from error
