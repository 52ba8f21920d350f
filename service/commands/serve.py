"""The command serve: pages and API in one process, with its children."""

from __future__ import annotations

import argparse
import gc
import sys

from gongkai.service.access import beginning, local
from gongkai.service.operating import logs
from gongkai.service.settings import Settings

#: Seconds that open requests have to end when the service is told to stop.
GRACE = 30
#: Connections at once; those beyond are told 503 before anything of them is read.
MOST = 2_000


def options(command: argparse.ArgumentParser) -> None:
    """What serve understands."""
    command.add_argument("--host", default="127.0.0.1", metavar="地址", help="监听地址，默认只限本机")
    command.add_argument("--port", type=int, default=8080, metavar="端口", help="端口，默认 8080")
    command.add_argument("--open", action="store_true", help="不设账户，一个人在本机试用：什么都不保存，只能监听本机")


def run(given: argparse.Namespace, settings: Settings) -> bool:
    """Serve until told to stop (SIGTERM, Ctrl-C). Raises GongkaiError when it can't begin."""
    import uvicorn

    from gongkai.service.app import create_app

    local.insist(settings, given.host)
    logs.begin(settings.log_format)
    app = create_app(settings)
    gc.collect()
    gc.freeze()  # routes and tables live as long as the process: the collector need not walk them with every request
    secure = bool(settings.tls_certificate)
    url = settings.public_url or f"{'https' if secure else 'http'}://{given.host}:{given.port}"
    print(f"打开 {url}/ 使用；按 Ctrl-C 停止。", file=sys.stderr)
    if not settings.open and (code := beginning.invitation(app.state.house)):
        print(f"首次使用，请打开 {url}/setup#{code} 建立第一个管理员。", file=sys.stderr)
    uvicorn.run(
        app,
        host=given.host,
        port=given.port,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.proxies),
        forwarded_allow_ips=settings.proxies or None,
        ssl_certfile=settings.tls_certificate,
        ssl_keyfile=settings.tls_key,
        limit_concurrency=MOST,
        timeout_graceful_shutdown=GRACE,
    )
    return True
