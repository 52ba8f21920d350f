"""What a caller of the service has to expect beside an answer."""

from __future__ import annotations

from gongkai.model.errors import GongkaiError


class Refused(GongkaiError):
    """The service said no: `status` is HTTP's, `slug` the stable name of the problem, `message` what to do."""

    def __init__(self, status: int, slug: str, title: str, message: str) -> None:
        super().__init__(message)
        self.status, self.slug, self.title = status, slug, title


class Unreachable(GongkaiError):
    """No answer came, also not after trying again."""

    slug, title = "unreachable", "连接不上服务"
