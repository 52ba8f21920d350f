"""Where a form leads once it was taken."""

from __future__ import annotations

from fastapi import Request, Response
from fastapi.responses import RedirectResponse


def onward(request: Request, path: str) -> Response:
    """To another page of ours: told to htmx by its header, to a plain form by 303."""
    if request.headers.get("hx-request"):
        return Response(status_code=204, headers={"hx-redirect": path})
    return RedirectResponse(path, 303)
