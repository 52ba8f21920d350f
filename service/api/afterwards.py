"""What comes after a decision: re-reviews, dossiers, what is asked for often."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import JSONResponse

from gongkai.service.access.actors import Actor
from gongkai.service.access.guard import may
from gongkai.service.afterwards.dossiers import dossier
from gongkai.service.afterwards.queue import Item, Wanted, queue
from gongkai.service.afterwards.requests import Cluster, clusters
from gongkai.service.afterwards.rereviewing import Ruling, rereview
from gongkai.service.afterwards.standing import known
from gongkai.service.afterwards.topicrules import rules as topic_rules
from gongkai.service.api.described import problems
from gongkai.service.api.documents import ID
from gongkai.service.api.doors import AtHouse, Looker
from gongkai.service.api.schemas_afterwards import DossierOut, RereviewedOut, RereviewPage, RulingIn, TopicsOut
from gongkai.service.store.duties import Passage
from gongkai.service.wire import Json

router = APIRouter(tags=["公开以后"])
Reviewing = Annotated[Actor, Depends(may("afterwards"))]
Handling = Annotated[Actor, Depends(may("applications"))]
Scope = Annotated[
    str,
    Query(pattern="^(due|deferred|all)$", description="due 到期的，deferred 暂缓公开的，all 全部", examples=["due"]),
]
Page = Annotated[int, Query(ge=1, le=10_000, description="第几页", examples=[1])]


@router.get("/v1/rereview", summary="定期重评清单", response_model=RereviewPage, responses=problems())
def listed(actor: Reviewing, house: AtHouse, scope: Scope = "due", page: Page = 1) -> JSONResponse:
    """到期要重评的不予公开、暂缓公开和申请集中的公文，各带提示和依据。"""
    with house.database.reading() as session:
        found = queue(session, actor, Wanted(scope), house.clock(), page)
    told = {"total": found.total, "page": page, "pages": found.pages, "items": [_item(one) for one in found.items]}
    return JSONResponse(told)


def _item(item: Item) -> Json:
    said = [{"to": one.to, "why": one.why, "basis": one.basis} for one in item.proposals or (item.first,)]
    return {
        "document": item.kept.id,
        "title": item.kept.title,
        "number": item.kept.number,
        "unit": item.unit,
        "decided": item.kept.decided,
        "deferred": item.deferred,
        "reason": item.reason,
        "since": item.since.isoformat(),
        "revisit": item.revisit.isoformat(),
        "late": item.late,
        "awaiting": item.awaited.name,
        "proposals": said,
    }


@router.post(
    "/v1/documents/{id}/rereview", summary="重评一件公文", response_model=RereviewedOut, responses=problems(404, 409)
)
def reviewed(actor: Reviewing, id: ID, given: RulingIn, house: AtHouse) -> JSONResponse:
    """维持、转为公开、暂缓公开或者恢复公开，都要写明理由；记入办理经过和留痕。"""
    with house.database.writing() as session:
        passage = rereview(session, house.rules(), actor, id, Ruling(**given.model_dump()), at=house.clock())
        decided = known(session, actor, id).decided
        told = {"state": passage.state, "revisit": passage.revisit, "awaiting": passage.awaiting}
    return JSONResponse({"document": id, "decided": decided, **told})


@router.get("/v1/documents/{id}/dossier", summary="一件公文的卷宗", response_model=DossierOut, responses=problems(404))
def papers(actor: Looker, id: ID, house: AtHouse) -> JSONResponse:
    """归集的文件：草案、说明、依据、意见采纳、结果、解读、被废止的文件，以及重大行政决策还缺什么。"""
    with house.database.reading() as session:
        kept, passage = known(session, actor, id), session.get(Passage, id)
        found = dossier(session, actor, kept, passage.category if passage else "")
    told = [
        {
            "role": one.role.code,
            "name": one.role.name,
            "title": one.target.title if one.target else one.relation.title,
            "number": one.relation.number,
            "document": one.target.id if one.target else "",
        }
        for one in found.papers
    ]
    lacks = [
        {"role": one.code, "name": one.name, "always": one.level == "must", "basis": one.basis} for one in found.missing
    ]
    validity = passage.validity if passage else ""
    return JSONResponse({"decision": found.decision, "papers": told, "missing": lacks, "validity": validity})


@router.get("/v1/applications/topics", summary="申请集中的内容", response_model=TopicsOut, responses=problems())
def topics(actor: Handling, house: AtHouse) -> JSONResponse:
    """依申请公开里同样的内容归在一起，满一定件数的列出，供研判转主动公开。"""
    with house.database.reading() as session:
        found, many = clusters(session, actor, house.clock()), topic_rules(session).many
    return JSONResponse({"many": many, "topics": [_topic(one) for one in found]})


def _topic(one: Cluster) -> Json:
    numbers = [row.number for row in one.requests]
    return {
        "words": one.words,
        "count": len(numbers),
        "granted": one.granted,
        "open": len(one.open),
        "numbers": numbers,
    }
