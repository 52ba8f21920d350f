"""The command clock: how a term is counted from a day, and which entries of a list were published late."""

from __future__ import annotations

import argparse
from pathlib import Path

from gongkai.model.duties.clocks import due
from gongkai.model.rulebook import Rulebook
from gongkai.service.commands.failing import Usage
from gongkai.service.duties.dues import here
from gongkai.service.duties.duesheet import late_book
from gongkai.service.duties.lateness import Judged, judged, read_list
from gongkai.service.duties.terms import asked, terms_of
from gongkai.service.house import now
from gongkai.service.output import write_private_bytes
from gongkai.service.settings import Settings


def options(command: argparse.ArgumentParser) -> None:
    """What clock understands."""
    add = command.add_argument
    add("code", nargs="?", default="", metavar="时限", help="公开时限（D20、Q 等）或者目录的代码（G0107）；--list 列出")
    add("start", nargs="?", default="", metavar="起算日", help="2026-03-31；按小时计算的写成“2026-03-31 08:30”")
    add("--list", action="store_true", help="列出全部时限")
    add("--file", type=Path, metavar="清单", help="核对已公开信息的清单（.xlsx、.csv，有标题、成文日期、发布日期）")
    add("--out", type=Path, metavar="表格", help="和 --file 一起用：把结果写成 .xlsx")
    add("--today", default="", metavar="日期", help="按哪一天看逾期没有，默认今天")


def run(options: argparse.Namespace, settings: Settings) -> bool:
    """Count, list or check; whether nothing is late. Raises GongkaiError."""
    rules = Rulebook.load(settings.tables, settings.profile)
    if options.list:
        return _listed(rules)
    if options.file:
        return _checked(options, rules)
    if not (options.code and options.start):
        raise Usage("要写时限代码和起算日，或者用 --list 列出时限，用 --file 核对清单。")
    return _counted(options.code, options.start, rules)


def _listed(rules: Rulebook) -> bool:
    for row in rules.deadlines:
        print("\t".join((row.code, row.name, row.basis)))
    return True


def _counted(code: str, start: str, rules: Rulebook) -> bool:
    codes = terms_of(code, "", rules).codes if code in rules.category else (code,)
    found = [due(one, asked(start), rules) for one in codes]
    for one in found:
        print(one.told)
    return all(one.last for one in found)


def _checked(options: argparse.Namespace, rules: Rulebook) -> bool:
    today = asked(options.today) if options.today else here(now())
    try:
        data = options.file.read_bytes()
    except OSError as error:
        raise Usage("清单文件不存在或者没有读取权限，请检查路径。") from error
    rows = judged(read_list(options.file.name, data), rules, today)
    if options.out:
        write_private_bytes(options.out, late_book(rows))
    for one in rows:
        if one.amiss:
            print(_line(one))
    amiss, lacking = sum(one.amiss for one in rows), sum(bool(one.lacks) for one in rows)
    print(f"共 {len(rows)} 条，超期 {amiss} 条，要素不全 {lacking} 条。")
    return not amiss


def _line(one: Judged) -> str:
    last = one.due.last.isoformat() if one.due and one.due.last else ""
    over = f"{one.over}天" if one.over else ""
    told = (str(one.listed.place), one.state.label, over, last, one.listed.published, one.listed.title)
    return "\t".join(told)
