"""Change over to another version while the service goes on; other processes follow (crew/following.py)."""

from __future__ import annotations

from gongkai.model.document import Document
from gongkai.model.errors import DocumentError, RequestError
from gongkai.service.access.actors import Actor
from gongkai.service.crew.orders import Hint, Judge
from gongkai.service.duties.following import lists_changed
from gongkai.service.duties.recounting import concerns, recount
from gongkai.service.house import House
from gongkai.service.rules.memory import Files
from gongkai.service.rules.rescreening import changed_clauses, submit
from gongkai.service.rules.versions import checked, in_force, put_in_force, version

#: An invented paper with long runs of everything that patterns look at: a pattern that can't cope shows itself here.
TRIAL = (
    "青禾县民政局关于给予临时救助的通知\n青民发〔2024〕12号\n各乡镇人民政府、街道办事处：\n"
    + "经审核，赵一鸣等人因患病住院，拟给予临时救助金3000元，请按照有关规定办理，" * 60
    + "。\n"
    + "1234567890" * 40
    + "\n"
    + "（" * 60
    + " " * 400
    + "\n青禾县民政局\n2024年4月28日\n（此件依申请公开）\n"
)


def activate(house: House, actor: Actor, number: int) -> None:
    """Check and try a version, let the crew change over to it, then say so. A bad one changes nothing.

    Raises NotFound, RequestError, RulebookError, StoreError, Busy.
    """
    with house.database.reading() as session:
        before, after = in_force(session, house.settings), version(session, house.settings, number)
    checked(after.files, house.settings)
    try_out(house, after.files)
    house.crew.reload(_tables(after.number, after.files))
    try:
        with house.database.writing() as session:
            put_in_force(session, actor, house.settings, number, at=house.clock())
            lists_changed(session, actor, house.rules(), before.files, after.files, at=house.clock())
            if concerns(before.files, after.files):
                recount(session, actor, house.rules(), at=house.clock())
            clauses = changed_clauses(before.files, after.files)
            if clauses:
                submit(session, house, actor, clauses)
    except BaseException:
        house.crew.reload(_tables(before.number, before.files))
        raise


def try_out(house: House, files: Files) -> None:
    """Judge an invented paper by the tables, in a child with its limits. Raises RequestError when that goes wrong."""
    try:
        house.crew.do(Judge(Document("trial", TRIAL), files), urgent=False)
        house.crew.do(Hint(Document("trial", TRIAL), files=files), urgent=False)
    except DocumentError as error:
        raise RequestError(
            "试用这一版时没有在时限内得出结果，没有启用；请检查新写的正则表达式，避免重复套重复的写法，如 (.+)+。"
        ) from error


def _tables(number: int, files: Files) -> Files | None:
    return files if number else None
