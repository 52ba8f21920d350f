"""发布包: what the agency's site needs to publish one document: the file or its redacted copy, and its metadata.

Publishing itself stays with the site. Nothing leaves that has not passed the release review.
"""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePath

from sqlalchemy.orm import Session

from gongkai.model.errors import RequestError
from gongkai.model.finding import Action, Attribute, Handling
from gongkai.service.access.actors import Actor
from gongkai.service.books import book
from gongkai.service.casework.keeping import latest_screening, text_of
from gongkai.service.casework.statistics import ZONE
from gongkai.service.errors import Conflicting, NotAllowed
from gongkai.service.house import House
from gongkai.service.passages.case import Case
from gongkai.service.passages.indexing import numbered, subject_of
from gongkai.service.passages.needs import NEEDS
from gongkai.service.passages.stepping import case_of, passage_of
from gongkai.service.store import trail
from gongkai.service.store.tables import Kept
from gongkai.service.wire import Json

#: Every file in a package has the time that zip files begin with: the same package is the same bytes.
_EPOCH = (1980, 1, 1, 0, 0, 0)
_NEEDS = ("proactive", "released", "secrecy", "reviews")
_VALID = {"": "有效", "amended": "已修改", "repealed": "已废止", "expired": "已失效"}


@dataclass(frozen=True, slots=True)
class Upload:
    """The file to publish as somebody gave it: the document itself, or its redacted copy."""

    name: str
    data: bytes = field(repr=False)


def package(
    session: Session, house: House, actor: Actor, document: Kept, upload: Upload | None, at: datetime
) -> tuple[str, bytes]:
    """Name and bytes of the package. Raises NotAllowed, Conflicting (no release review, nothing to publish yet)."""
    if not actor.may("handle"):
        raise NotAllowed("您没有“办理流转”的权限，不能导出发布包。")
    passage = passage_of(session, document, at)
    if passage.state not in ("released", "published"):
        raise Conflicting("还没有通过发布审查，不能导出发布包，请先办完前面的步骤。")
    case = case_of(session, house.rules(), actor, document, passage)
    if why := next((why for need in _NEEDS if (why := NEEDS[need](case))), ""):
        raise Conflicting(why)
    file = upload or _kept(session, house, document)
    if not file.data:
        raise RequestError("文件是空的，请重新选要发布的文件。")
    told = metadata(session, case, at)
    trail.append(session, actor.user, "package", "document", document.id, at=at, format=_suffix(file.name))
    name = f"{told['索引号'].replace('/', '-')}.zip"
    return name, _zipped({f"{_stem(told)}{_suffix(file.name)}": file.data, **_tables(told)})


def _kept(session: Session, house: House, document: Kept) -> Upload:
    """The kept text, where nothing in it has to be hidden first."""
    screened = latest_screening(session, document.id)
    hidden = [row for row in screened.result["personal"] if row["action"] == Action.mask] if screened else []
    if hidden or document.handling in (Handling.partial, Handling.deid):
        raise RequestError(f"公开前要先遮蔽（{len(hidden)}处个人信息），请上传遮蔽好的副本。")
    text = text_of(session, house.vault, document)
    if text is None:
        raise RequestError("没有保存这份公文的全文，请上传要发布的文件。")
    return Upload("正文.txt", text.encode())


def metadata(session: Session, case: Case, at: datetime) -> dict[str, str]:
    """The metadata of a document by their names, in the order of the directory; empty where nothing is known."""
    document, passage, values = case.document, case.passage, case.values
    category = case.rules.category.get(passage.category)
    number = numbered(session, passage, at.astimezone(ZONE).year)
    release = case.last("release")
    return {
        "索引号": number,
        "标题": values.get("title") or document.title,
        "发文字号": document.number or values.get("number", ""),
        "发布机构": document.issuer or values.get("unit", ""),
        "成文日期": document.issued or values.get("issued", ""),
        "主题分类": subject_of(document.title),
        "体裁分类": document.genre or values.get("genre", "") or "其他",
        "公开目录": f"{category.code} {category.name}" if category else "",
        "公开属性": Attribute(document.decided).label,
        "公开方式": values.get("handling", ""),
        "公开渠道": values.get("channel", "") or (category.channel if category else ""),
        "公开时限": passage.due,
        "公开时机": str(release.record.get("timing", "")) if release else "",
        "有效性": _VALID.get(passage.validity, ""),
        "发布日期": passage.published.astimezone(ZONE).date().isoformat() if passage.published else "",
    }


def _tables(told: Json) -> dict[str, bytes]:
    as_json = json.dumps(told, ensure_ascii=False, indent=2).encode() + b"\n"
    sheet = book("发布元数据", [(name, 20.0) for name in told], [list(told.values())])
    return {"元数据.json": as_json, "元数据.xlsx": sheet}


def _stem(told: Json) -> str:
    plain = "".join(sign for sign in str(told["标题"]) if sign.isprintable() and sign not in '\\/:*?"<>|')
    return plain[:80].strip(" .") or "公文"


def _suffix(name: str) -> str:
    suffix = PurePath(name).suffix.lower()
    return suffix if suffix[1:].isalnum() and len(suffix) <= 6 else ""


def _zipped(files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()
