"""Suggestions: the answer of the command line, and the document kept."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse
from pydantic_core import to_json

from gongkai.model.document import Document
from gongkai.service.access.actors import Actor
from gongkai.service.api.described import TEXT_BODY, answer, body, file_body, problems
from gongkai.service.api.doors import Suggester
from gongkai.service.api.given import Form, TextOrFile
from gongkai.service.api.once import OneTurn, Turn
from gongkai.service.api.schemas import SuggestionOut
from gongkai.service.casework.keeping import keep
from gongkai.service.crew.orders import Suggest, Suggested
from gongkai.service.house import House

router = APIRouter(tags=["建议"])


class Told(JSONResponse):
    """A suggestion as bytes: many small values, written in a quarter of the time that Python's own encoder takes."""

    def render(self, content: object) -> bytes:
        """The JSON."""
        return to_json(content, inf_nan_mode="null")


Keeping = Annotated[
    bool, Query(alias="keep", description="是否记下这件公文（不含正文）；起草中反复试看时给 false", examples=[True])
]


@router.post(
    "/v1/suggestions",
    summary="建议公开属性",
    response_model=SuggestionOut,
    responses={200: answer("建议；记下的公文在 Location", "location"), **problems(409, 413, 415)},
    openapi_extra=body(text=TEXT_BODY, form=file_body()),
)
def suggest(actor: Suggester, given: TextOrFile, turn: OneTurn, keeping: Keeping = True) -> JSONResponse:
    """提交文字或者文件，得到公开属性、理由、目录、负面清单命中和个人信息；只是建议，由人决定。"""
    house = turn.house
    keeping = keeping and not house.settings.open
    said: Suggested = house.crew.do(suggest_order(given, keeping))
    if keeping:
        return _filed(house, actor, said, turn)
    if said.stopped:
        turn.let_go()
        return Told(said.result)
    return turn.held(Told(said.result))


def suggest_order(given: Document | Form, vector: bool) -> Suggest:
    """What the crew is told to do; the meaning is for documents that become precedents."""
    if isinstance(given, Document):
        return Suggest(given, vector=vector)
    return Suggest(data=given.files[0].data, name=given.files[0].name, vector=vector)


def _filed(house: House, actor: Actor, said: Suggested, turn: Turn) -> JSONResponse:
    """The answer, with the document kept; of a stopped one nothing is held, not even for its key."""
    origin = "api" if actor.key else "page"
    with house.database.writing() as session:
        document = keep(session, house.vault, actor, said, text=said.text, origin=origin, at=house.clock())
        if document is not None:
            return turn.holding(session, Told(said.result, headers={"location": f"/v1/documents/{document.id}"}))
    turn.let_go()
    return Told(said.result)
