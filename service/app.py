"""create_app(settings): the only place where the parts meet."""

from __future__ import annotations

from importlib import resources

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.formparsers import MultiPartParser

from gongkai.model.screener import product_version
from gongkai.service.api import router
from gongkai.service.pages import SecurityHeaders, pages
from gongkai.service.problems import LastResort, SizeLimit, handle_problems
from gongkai.service.schemas import Problem, TextIn
from gongkai.service.settings import Settings
from gongkai.service.watch import WatchedDesk

DESCRIPTION = (
    "为政府公文建议公开属性（主动公开、依申请公开、不予公开），列出理由、条文和文中依据，查找并遮蔽个人信息。"
    "全部在本机完成，不访问外部网络，不保存文字。机器只建议，由人决定。"
)


def create_app(settings: Settings) -> FastAPI:
    """The application with its desk opened. Raises RulebookError or ModelFolderError."""
    app = FastAPI(
        title="公开 gongkai", version=product_version(), description=DESCRIPTION, docs_url=None, redoc_url=None
    )
    app.state.desk = WatchedDesk(settings)
    MultiPartParser.spool_max_size = settings.max_request_bytes  # uploads stay in memory, never in a temporary file
    app.include_router(router)
    app.include_router(pages)
    app.mount("/static", StaticFiles(directory=str(resources.files("gongkai.service.static"))), name="static")
    app.add_middleware(SizeLimit, most=settings.max_request_bytes)
    app.add_middleware(LastResort)
    app.add_middleware(SecurityHeaders)
    handle_problems(app)
    _describe(app)
    return app


def _describe(app: FastAPI) -> None:
    """Put the schemas that routes read by hand into the OpenAPI document."""
    schemas = app.openapi()["components"]["schemas"]
    for model in (TextIn, Problem):
        schemas.setdefault(model.__name__, model.model_json_schema())
