"""How a client reaches the service: nowhere but there, by no proxy that the environment names."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gongkai.model.errors import RequestError


@dataclass(frozen=True, slots=True)
class Place:
    """Where the service is, the key to it, and how long to be patient with it, in seconds."""

    url: str
    key: str = field(default="", repr=False)
    ca: Path | None = None
    timeout: float = 60.0
    patience: float = 60.0

    def options(self) -> dict[str, Any]:
        """What httpx is told. Raises RequestError for an address that is none."""
        if not self.url.startswith(("http://", "https://")):
            raise RequestError("服务地址应当以 https:// 或 http:// 开头，请改正。")
        headers = {"authorization": f"Bearer {self.key}"} if self.key else {}
        options: dict[str, Any] = {"base_url": self.url.rstrip("/"), "headers": headers, "timeout": self.timeout}
        if self.ca:
            options["verify"] = ssl.create_default_context(cafile=str(self.ca))
        return options | {"trust_env": False, "follow_redirects": False}
