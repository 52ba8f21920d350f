"""The client for drafting tools (extra `client`): Client, AsyncClient, and what they raise."""

from __future__ import annotations

try:
    from gongkai.service.client.awaiting import AsyncClient
    from gongkai.service.client.blocking import Client
    from gongkai.service.client.errors import Refused, Unreachable
except ImportError as error:
    raise ImportError("没有安装 httpx：请先运行 pip install 'gongkai[client]'。", name=error.name) from error

__all__ = ["AsyncClient", "Client", "Refused", "Unreachable"]
