"""Jobs over several files: each has its row, is written once, and a bad one never stops the others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from gongkai.model.deid.hiding import Style
from gongkai.model.errors import ClassifiedDocument, GongkaiError, RequestError
from gongkai.service.casework.keeping import keep
from gongkai.service.crew.orders import Check, Redact, Redaction, Suggest, Suggested
from gongkai.service.desk import STOP
from gongkai.service.errors import StoreError
from gongkai.service.jobs.queue import Upload, problem
from gongkai.service.jobs.work import Work
from gongkai.service.store import trail
from gongkai.service.wire import Json

DONE, FAILED, STOPPED = "done", "failed", "stopped"
_NO_FILES = "任务里没有文件，请附上文件重新提交。"


@dataclass(frozen=True, slots=True)
class Ended:
    """How one file ended: its row, files made of it, and what else is written with it."""

    status: str
    row: Json = field(repr=False)
    products: dict[str, bytes] = field(default_factory=dict, repr=False)
    also: Callable[[Session], Json] | None = None


def suggest(work: Work) -> Json:
    """A suggestion for each file, kept among the owner's documents."""
    actor = work.actor()

    def one(upload: Upload) -> Ended:
        said: Suggested = work.ask(Suggest(data=upload.data, name=upload.name, vector=True))
        if said.stopped:
            raise ClassifiedDocument(STOP)
        at = work.house.clock()

        def kept(session: Session) -> Json:
            row = keep(session, work.house.vault, actor, said, text=said.text, origin="api", at=at)
            return {"document": row.id if row else ""}

        return Ended(DONE, {"file": upload.name, "result": said.result}, also=kept)

    return each(work, one)


def redact(work: Work) -> Json:
    """A proven copy of each file, with its report."""
    style = Style(str(work.order.get("style", "")))
    pictures, rename = str(work.order.get("pictures", "blank")), bool(work.order.get("rename"))

    def one(upload: Upload) -> Ended:
        copy: Redaction = work.ask(Redact(upload.data, upload.name, style, pictures, rename=rename))
        products = {"copy": Upload(copy.name, copy.data).packed(), "page": copy.page.encode()}
        return Ended(DONE, {"file": upload.name, "result": copy.report}, products)

    return each(work, one)


def check(work: Work) -> Json:
    """What each published or redacted file still tells."""
    label = str(work.order.get("label", "proactive"))
    return each(work, lambda one: Ended(DONE, {"file": one.name, "result": work.ask(Check(one.data, one.name, label))}))


def each(work: Work, one: Callable[[Upload], Ended]) -> Json:
    """Do every file that isn't done yet; a row, its count and all that belongs to it are written together or not at
    all. Of a stopped file only the fact stays."""
    if not work.claim.total:
        raise RequestError(_NO_FILES)
    for number, upload in work.files():
        _write(work, number, _done(one, upload))
    return work.read(work.result)


def _done(one: Callable[[Upload], Ended], upload: Upload) -> Ended:
    try:
        return one(upload)
    except ClassifiedDocument as error:
        return Ended(STOPPED, {"problem": problem(error)})
    except StoreError:
        raise
    except GongkaiError as error:
        return Ended(FAILED, {"file": upload.name, "problem": problem(error)})


def _write(work: Work, number: int, ended: Ended) -> None:
    def put(session: Session) -> None:
        more = ended.also(session) if ended.also else {}
        row = {"number": number, "status": ended.status, "file": ""} | ended.row | more
        work.keep(session, number, row, **ended.products)
        if ended.status == STOPPED:
            trail.append(session, work.claim.owner, "stop", "document", "", at=work.house.clock(), origin="job")
        work.drop(session, number)
        work.count(session, number + 1, ended.status)

    work.write(put)
