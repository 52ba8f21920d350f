"""A file to be published, looked at once more before it leaves: nothing in it may still have to be hidden."""

from __future__ import annotations

from gongkai.model.errors import RequestError, UnsupportedFormat
from gongkai.service.crew.orders import Check
from gongkai.service.house import House
from gongkai.service.passages.packing import Upload


def prove(house: House, upload: Upload, *, looked: bool = False) -> None:
    """Nothing where the file may leave; `looked` says that a person went through what the machine doubts.

    Raises RequestError, and ClassifiedDocument for a file with a secrecy mark, whoever looked at it. Call it with no
    session open: it takes as long as a screening.
    """
    try:
        found = house.crew.do(Check(upload.data, upload.name, "proactive"))
    except UnsupportedFormat as error:
        if looked:
            return
        raise RequestError("这种格式的文件没法检查，请换成常用的格式，或者通读以后勾选“已经通读”再导出。") from error
    wrong = sum(found["counts"][kind] for kind in ("missed", "recoverable")) if "counts" in found else 0
    if wrong and not looked:
        raise RequestError(f"文件里还有{wrong}处可能要遮蔽的个人信息，请遮蔽后再导出；确实可以公开的，勾选“已经通读”。")
