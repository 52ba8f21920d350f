"""create_app(settings): the only place where the parts meet."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial
from importlib import resources

from fastapi import APIRouter, FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.formparsers import MultiPartParser

from gongkai.model.screener import product_version
from gongkai.service.access.gate import Gate
from gongkai.service.addin import routes as addin
from gongkai.service.api import routes as api
from gongkai.service.api.described import describe
from gongkai.service.casework.counting import Counted
from gongkai.service.house import now, opened
from gongkai.service.operating import routes as operating
from gongkai.service.operating.metrics import Metrics
from gongkai.service.operating.watching import Watched
from gongkai.service.pages import (
    account,
    applications,
    audit,
    backlogs,
    catalog,
    catalogchecks,
    clauses,
    documents,
    dossier,
    drafter,
    due,
    hints,
    keyring,
    ledger,
    login,
    masking,
    meetings,
    operate,
    opinion,
    owntables,
    passages,
    patrol,
    people,
    profiles,
    reportfigures,
    reports,
    reportsamples,
    rereview,
    review,
    ruleediting,
    rulepreview,
    rules,
    setup,
    statistics,
    submission,
    units,
)  # fmt: skip
from gongkai.service.pages.layout import SecurityHeaders
from gongkai.service.pages.refusing import for_people
from gongkai.service.precedents import routes as precedents
from gongkai.service.precedents.meanings import Meanings
from gongkai.service.problems import LastResort, SizeLimit, handle_problems
from gongkai.service.serving import at_work
from gongkai.service.settings import Settings

DESCRIPTION = (
    "为政府公文建议公开属性（主动公开、依申请公开、不予公开），列出理由、条文和文中依据，查找并遮蔽个人信息。"
    "全部在本机完成，不访问外部网络。机器只建议，由人决定。"
)
#: Every group of routes: the API, the pages by those who use them, the add-in. A new one is a line here.
ROUTERS: tuple[APIRouter, ...] = (
    *api.ROUTERS, precedents.router, operating.router, addin.pages,
    login.router, setup.router, account.router,
    drafter.pages, opinion.pages, submission.pages, precedents.pages,
    backlogs.router, review.router,
    due.router, ledger.router,
    masking.router, patrol.router,
    passages.router,
    dossier.router, rereview.router, applications.router,
    rules.router, owntables.router, ruleediting.router, rulepreview.router, clauses.router, profiles.router,
    catalog.router, catalogchecks.router,
    documents.router, hints.router, statistics.router,
    meetings.router, reports.router, reportfigures.router, reportsamples.router,
    people.router, units.router, keyring.router, operate.router, audit.router,
)  # fmt: skip


def create_app(settings: Settings, clock: Callable[[], datetime] = now) -> FastAPI:
    """The application with its house opened. Raises RulebookError, ModelFolderError, StoreError or RequestError."""
    house = opened(settings, clock)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        with at_work(house):
            yield
        house.close()

    app = FastAPI(
        title="公开 gongkai",
        version=product_version(),
        description=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.house = house
    app.state.gate = Gate.of(settings)
    app.state.meanings = Meanings()
    app.state.counted = Counted()
    app.state.metrics = Metrics(partial(operating.standing, house))
    MultiPartParser.spool_max_size = settings.max_request_bytes  # uploads stay in memory, never in a temporary file
    for one in ROUTERS:
        app.include_router(one)
    app.mount("/static", StaticFiles(directory=str(resources.files("gongkai.service.static"))), name="static")
    app.add_middleware(SizeLimit, most=settings.max_request_bytes)
    app.add_middleware(LastResort)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(Watched, telling=app.state.metrics)
    handle_problems(app)
    for_people(app)
    describe(app)
    return app
