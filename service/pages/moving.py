"""Where a form leads once it was taken."""

from __future__ import annotations

from urllib.parse import urlsplit

from fastapi import Request, Response
from fastapi.responses import RedirectResponse


def onward(request: Request, path: str) -> Response:
    """To another page of ours: told to htmx by its header, to a plain form by 303; the page that one is on is loaded
    anew, since a browser would only go to its fragment."""
    if not request.headers.get("hx-request"):
        return RedirectResponse(path, 303)
    here, there = urlsplit(request.headers.get("hx-current-url", "")), urlsplit(path)
    same = there.fragment and (here.path, here.query) == (there.path, there.query)
    return Response(status_code=204, headers={"hx-refresh": "true"} if same else {"hx-redirect": path})


def inside(place: str) -> dict[str, str]:
    """Headers by which htmx changes only one part of the page it is on, so that a form keeps its file."""
    return {"hx-retarget": place, "hx-reselect": place, "hx-reswap": "outerHTML show:top"}
