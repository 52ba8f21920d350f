"""Files as answers: always to be saved, never shown within our pages."""

from __future__ import annotations

from pathlib import PurePath
from urllib.parse import quote

from fastapi import Response

MEDIA = {
    ".txt": "text/plain; charset=utf-8",
    ".md": "text/markdown; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".pdf": "application/pdf",
    ".ofd": "application/ofd",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".zip": "application/zip",
    ".json": "application/json",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
}
OTHER = "application/octet-stream"


def attachment(data: bytes, name: str) -> Response:
    """Bytes to be saved under a name (RFC 6266)."""
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}
    return Response(data, headers=headers, media_type=MEDIA.get(PurePath(name).suffix.lower(), OTHER))
