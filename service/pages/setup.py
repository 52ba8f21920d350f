"""The first run: whoever holds the set-up code makes the top unit and the first administrator."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel

from gongkai.model.errors import GongkaiError, RequestError
from gongkai.service.access import beginning, forms
from gongkai.service.access.guard import open_door
from gongkai.service.access.users import Person
from gongkai.service.pages.layout import house_of, render
from gongkai.service.pages.login import admitted
from gongkai.service.pages.refusing import status_of

router = APIRouter(include_in_schema=False)


class SetUp(BaseModel):
    """The form."""

    code: str = ""
    agency: str = ""
    login: str = ""
    name: str = ""
    password: str = ""
    again: str = ""
    csrf: str = ""


@router.get("/setup", dependencies=[Depends(open_door)])
def asked(request: Request) -> Response:
    """The form, as long as there is no user."""
    if beginning.invitation(house_of(request)) is None:
        return RedirectResponse("/login", 303)
    return _form(request, SetUp())


@router.post("/setup", dependencies=[Depends(open_door)])
def done(request: Request, given: Annotated[SetUp, Form()]) -> Response:
    """Make them, and sign the administrator in."""
    try:
        forms.check(request, given.csrf)
        if given.password != given.again:
            raise RequestError("两次输入的口令不一样，请重新输入。")
        person = Person(given.login, given.name, "", ("admin",))
        begun = beginning.begin(house_of(request), given.code, given.agency, person, given.password)
    except GongkaiError as error:
        return _form(request, given, error)
    return admitted(request, begun, "/admin/users")


def _form(request: Request, given: SetUp, error: GongkaiError | None = None) -> Response:
    token = forms.token(request)
    status = status_of(error) if error else 200
    answer = render(request, None, "setup.html", status=status, token=token, given=given, error=error)
    forms.remember(answer, request, token)
    return answer
