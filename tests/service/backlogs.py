"""An invented backlog in a real store: places, groups, failures, secrecy marks, hostile titles, decisions."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

from gongkai.service.screening.records import (
    Decision,
    Failure,
    Locator,
    Part,
    PartTold,
    Pile,
    Place,
    Quote,
    Record,
    Role,
)
from gongkai.service.screening.store import Store

ENGINE = {"version": "0.1.0", "model": "combined-7", "rulebook": "sha256:0123456789abcdef", "profile": "default"}
UNITS = ("青禾县人民政府办公室", "青禾县民政局", "青禾县自然资源局", "青禾县财政局", "青禾县教育局", "柳湾镇人民政府")
TOPICS = (
    "城乡居民最低生活保障工作实施细则", "2018年度国有建设用地供应计划", "苍鹭河流域防汛应急预案",
    "义务教育学校招生工作", "行政事业单位资产清查", "农村公路养护管理办法", "乡村医生岗位补助标准",
)  # fmt: skip
KINDS = {
    "proactive": ("印发{}的通知", "P-2001", "属于行政法规、规章和规范性文件", "条例第二十条第（一）项", "通知"),
    "on_request": ("{}有关问题的复函", "A-02", "非普发性业务文件，只答复一个单位", "条例第二十七条", "函"),
    "withheld": ("申请批准{}的请示", "W-167", "属于行政机关的请示报告，可以不予公开", "条例第十六条第二款", "请示"),
}
CATEGORIES = (
    ("G0102", "行政规范性文件", "D20"),
    ("G0302", "专项规划、区域规划", "D20"),
    ("G0602", "行政处罚决定（具有一定社会影响）", "D7"),
)
HOSTILE = '=HYPERLINK("x","点我")'
FAILURES = (
    ("encrypted", "文件设有密码，请解除密码后再处理。"),
    ("no-text-layer", "扫描件没有文字层，请装上 ocr 并加 --ocr，或者先作文字识别。"),
    ("corrupt", "文件已损坏，请找原件或者重新导出。"),
)


def digest(number: int) -> str:
    return f"sha256:{number:064x}"


def result(label: str, chance: random.Random, number: int) -> dict:
    _, code, text, basis, _ = KINDS[label]
    sure = 0.45 + 0.55 * chance.random() ** 0.4
    category = CATEGORIES[number % 3]
    personal = [
        {"type": kind, "start": 100 + n, "end": 104 + n, "action": "mask", "why": "", "confidence": 0.9}
        for n, kind in enumerate(("NAME", "NAME", "ID_CARD") if number % 4 == 0 else ())
    ]
    clause = {"withheld": "NL-18", "on_request": "NL-08", "proactive": "NL-09"}[label]
    negative = [{"clause": clause, "start": 3, "end": 9, "confidence": 0.8, "reason": code}]
    return {
        "id": "", "title": "", "digest": digest(number), "engine": ENGINE,
        "attribute": {"label": label, "confidence": sure, "set": [label], "scores": {label: sure}},
        "handling": "deid" if personal else "full",
        "reasons": [{"code": code, "basis": basis, "text": text, "evidence": [{"start": 3, "end": 9}]}],
        "categories": [{"code": category[0], "name": category[1], "confidence": 0.7, "deadline": category[2]}],
        "negative": negative if label == "withheld" or personal else [], "personal": personal,
        "elements": {"number": "", "issuer": "", "issued": "", "genre": "", "annotation": ""},
        "needs_review": sure < 0.8,
        "notes": ["拿不准：主动公开、依申请公开都有可能，请人工判断。"] if sure < 0.8 else ["公开时限：略。"],
    }  # fmt: skip


def record(index: int, chance: random.Random, **changed: object) -> Record:
    label = chance.choices(list(KINDS), (5, 2, 3))[0]
    told = result(label, chance, index)
    unit, year = UNITS[index % len(UNITS)], 2006 + index % 19
    title = f"{unit}关于{KINDS[label][0].format(TOPICS[index % len(TOPICS)])}"
    given = {
        "digest": digest(index), "title": title, "number": f"青政办〔{year}〕{index}号", "issuer": unit,
        "issued": f"{year}-{index % 12 + 1:02}-15", "genre": KINDS[label][4], "attribute": label,
        "confidence": told["attribute"]["confidence"], "handling": told["handling"],
        "needs_review": told["needs_review"], "result": told,
        "quotes": (Quote(told["reasons"][0]["code"], f"{TOPICS[index % len(TOPICS)]}"[:40]),),
        "parts": (PartTold("正文.docx", Role.main, digest(index), label, 900),), "characters": 900,
    }  # fmt: skip
    return Record(**{**given, **changed})


def place(known: Record, rank: int, number: int) -> Place:
    pile = Pile.decide if known.needs_review else Pile.confirm
    if known.handling in ("stop_classified", "out_of_scope"):
        return Place(known.digest, Pile.stop, rank, 0.0)
    first = number - number % 10
    group = digest(first) if number % 10 < 4 and first % 30 == 0 else ""
    return Place(
        known.digest, pile, rank, round((1 - known.confidence) / 2, 4), group, "", bool(group) and number % 10 == 3,
        published="青禾县人民政府公报2019年第3号" if number % 37 == 5 else "",
        remarks=("形成于2019年5月15日条例修订施行之前，按现行条例重新认定。",) if known.issued < "2019-05-15" else (),
    )  # fmt: skip


def records(count: int) -> Iterator[Record]:
    chance = random.Random(5)
    for number in range(1, count + 1):
        changed: dict[str, object] = {}
        if number % 50 == 7:
            changed = {"title": "", "number": "", "issuer": "", "issued": "", "genre": "", "quotes": (),
                       "handling": "stop_classified", "attribute": "withheld"}  # fmt: skip
        elif number % 100 == 9:
            changed = {"handling": "out_of_scope"}
        elif number == 11:
            changed = {"title": HOSTILE, "number": "+86\x07号", "issuer": "@单位"}
        elif number == 12:
            changed = {"title": "", "issued": "", "issuer": ""}
        yield record(number, chance, **changed)


def path(number: int) -> str:
    return (
        f"档案/{2006 + number % 19}/收文 {number}号.docx" if number % 5 else f"档案/{number % 7}.zip!收文/{number}.doc"
    )


def filled(folder: Path, count: int = 300, decisions: int = 0) -> Store:
    """A store of `count` records with places, at least three failures, and decisions on the first ones."""
    store, places = Store(folder), []
    ranks = dict.fromkeys(Pile, 0)
    with store.batch():
        for number, known in enumerate(records(count), 1):
            store.put_record(known)
            fields = {"unit": known.issuer, "attribute": "主动公开"} if number % 3 == 0 else {}
            part = Part(Locator(Path(path(number))), Role.main, 1, 1, fields)
            store.put_file(part, 1, known.digest, known.digest, known.digest)
            if number % 8 == 0:
                part = Part(Locator(Path(path(number) + ".附件.xlsx")), Role.attachment, 1, 1)
                store.put_file(part, 1, known.digest, known.digest, known.digest)
            made = place(known, 0, number)
            ranks[made.pile] += 1
            places.append(place(known, ranks[made.pile], number))
        for number in range(max(3, count // 25)):
            slug, message = FAILURES[number % 3]
            part = Part(Locator(Path(f"档案/坏/{number}.pdf")), Role.main, 1, 1)
            store.put_file(part, 1, "", failure=Failure(slug, message))
    store.replace_places(places)
    judged = [made for made in places if made.pile != Pile.stop][:decisions]
    store.add_decisions(decision(made.digest, n) for n, made in enumerate(judged))
    return store


def decision(of: str, number: int = 0) -> Decision:
    label = ("proactive", "withheld", "on_request")[number % 3]
    reason = "W-167" if label == "withheld" else ""
    return Decision(of, label, "赵一鸣", f"2026-03-{number % 28 + 1:02}T09:00:00", reason, note="=已核对")
