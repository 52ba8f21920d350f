"""Salutations and signatures: marked ⟦a|…⟧ for a person who is addressed, ⟦s|…⟧ for one who signed."""

from __future__ import annotations

import re

import pytest

from gongkai.model.deid.disclosure import role_of
from gongkai.model.document import Document, Span
from gongkai.model.finding import Attribute
from gongkai.model.folding import fold
from gongkai.model.mentions.names import mentions
from gongkai.model.mentions.signing import framed, inked

MARK = re.compile(r"⟦([as])\|([^⟧]*)⟧")
SOURCES = {"a": "addressed", "s": "signed"}
REPLY = "\n    您反映的房屋漏水问题收悉，现答复如下。\n\n青禾县住房和城乡建设局\n2024年4月1日\n"
LETTER = "本人因劳动争议申请法律援助。\n\n此致\n青禾县法律援助中心\n"


def marked(screener, text: str) -> list[tuple[str, str]]:
    found = [m for m in mentions(screener.reading(Document("", text)), []) if m.sources & set(SOURCES.values())]
    return [(source, m.span.of(text)) for m in found for source in SOURCES.values() if source in m.sources]


def expected(text: str) -> list[tuple[str, str]]:
    return [(SOURCES[mark], piece) for mark, piece in MARK.findall(text)]


@pytest.mark.parametrize(
    "line",
    [
        "尊敬的⟦a|王建国⟧先生：",
        "⟦a|李梅⟧女士：",
        "⟦a|石磊⟧同志：",
        "⟦a|王建国⟧：您好",
        "⟦a|李梅⟧，您好！",
        "⟦a|王建国⟧：",
        "⟦a|王　梅⟧ 女士：",
        "尊敬的⟦a|买买提·艾力⟧先生：",
        "⟦a|欧阳晓雯⟧女士:",
        "⟦a|赵一鸣⟧、⟦a|钱小川⟧：",
        "⟦a|赵一鸣⟧先生、⟦a|钱小川⟧女士：",
        "⟦a|石磊⟧同志（青禾镇柳林村二组12号）：",
        "⟦a|平安⟧同志：",
        "⟦a|安全⟧：",
    ],
)
def test_whom_a_reply_speaks_to(screener, line: str) -> None:
    text = "关于房屋漏水问题的答复\n\n" + line + REPLY
    assert marked(screener, MARK.sub(r"\2", text)) == expected(line)


@pytest.mark.parametrize(
    "line",
    [
        "县住房和城乡建设局：",
        "柳林村村民委员会、县水务局：",
        "石化公司：",
        "公安局：",
        "贵公司：",
        "各位代表：",
        "全体党员同志：",
        "党员同志：",
        "司机同志：",
        "尊敬的纳税人：",
        "女士们、先生们：",
        "王先生：",
        "郁老师：",
        "龙岗、碧屿区自然资源分局：",
        "附件：",
        "石磊在会上说：大家辛苦了。",
    ],
)
def test_whom_no_name_stands_for(screener, line: str) -> None:
    assert marked(screener, "关于房屋漏水问题的答复\n\n" + line + REPLY) == []


def test_a_bare_line_is_no_salutation_without_somebody_spoken_to(screener) -> None:
    assert marked(screener, "会议记录\n\n石磊：\n    同意按方案办。\n") == []


@pytest.mark.parametrize(
    "line",
    [
        "申请人（签字）：⟦s|赵一鸣⟧",
        "申请人签名：⟦s|文明⟧",
        "签字：⟦s|欧阳晓雯⟧（印）",
        "⟦s|石磊⟧（签名）",
        "⟦s|石泉⟧（捺印）",
        "⟦s|高峰⟧（盖章）",
        "⟦s|高峰⟧ 印",
        "⟦s|石泉⟧　捺印",
        "法定代表人（签章）：⟦s|万里⟧",
        "经办人签字：⟦s|田野⟧",
        "经办人（签字）　⟦s|黄小河⟧",
        "签字（盖章）：⟦s|江河⟧",
        "监护人（签字、按手印）：⟦s|温泉⟧",
        "（签名）⟦s|石铁军⟧　⟦s|金明哲⟧　⟦s|朴春子⟧",
        "审批意见：同意。   签字：⟦s|江河⟧   2024年5月6日",
        "⟦s|白小云⟧　　2024年3月1日",
        "⟦s|白小云⟧\n2024年3月1日",
    ],
)
def test_who_signed(screener, line: str) -> None:
    assert marked(screener, LETTER + MARK.sub(r"\2", line) + "\n") == expected(line)


@pytest.mark.parametrize(
    "line",
    [
        "申请人（签字）：",
        "单位负责人签字：（盖章）",
        "负责人（签字）　　　年　月　日",
        "单位（盖章）",
        "施工单位（盖章）：",
        "班主任（签字）：",
        "全家（签名）",
        "签字：同意",
        "签字　日期",
        "甲方（盖章）：青禾县水务局",
        "保安局（盖章）",
        "请签字确认。",
        "白纸影印",
        "王某（签名）",
        "青禾县司法局\n2024年3月1日",
        "公安局　　2024年3月1日",
    ],
)
def test_who_did_not_sign(screener, line: str) -> None:
    assert marked(screener, LETTER + line + "\n") == []


@pytest.mark.parametrize(
    ("text", "label", "name", "action", "row"),
    [
        ("尊敬的王建国先生：" + REPLY, "on_request", "王建国", "mask", "addressed-party"),
        ("赵一鸣、钱小川：" + REPLY, "on_request", "钱小川", "mask", "addressed-party"),
        ("李梅女士：" + REPLY, "proactive", "李梅", "mask", "addressed-person"),
        ("石磊、李梅女士：" + REPLY, "withheld", "李梅", "mask", "addressed-person"),
        ("王建国代表：" + REPLY, "on_request", "王建国", "", ""),
        ("石磊：\n下周去看你。\n", "withheld", "石磊", "", ""),
        ("申请人（签字、捺印）：赵一鸣\n", "on_request", "赵一鸣", "mask", "applicant-signer"),
        ("申请人：赵一鸣\n", "proactive", "赵一鸣", "", ""),
        ("被申请人：赵一鸣\n", "on_request", "赵一鸣", "", ""),
        ("被询问人（签名、捺印）：赵一鸣\n", "withheld", "赵一鸣", "mask", "private-signer"),
        ("保证人签字：赵一鸣\n", "on_request", "赵一鸣", "", ""),
        ("经办人（签字）：田野\n", "on_request", "田野", "keep", "signer"),
        ("审核人签字：田野\n", "withheld", "田野", "keep", "signer"),
        ("法定代表人（签章）：万里\n", "on_request", "万里", "", ""),
    ],
)
def test_what_a_frame_says_of_stay_and_go(screener, text, label, name, action, row) -> None:
    reading = screener.reading(Document("", "某事\n" + text))
    start = reading.text.index(name)
    found = role_of("NAME", Span(start, start + len(name)), reading, Attribute(label))
    assert (found.action, found.id) == (action, row) if row else found is None


def test_a_framed_name_is_found_however_rare(screener) -> None:
    text = "青禾县住房和城乡建设局答复\n\n平安同志：" + REPLY
    assert [(f.kind, f.span.of(text), f.action.value) for f in screener(Document("", text)).personal] == [
        ("NAME", "平安", "mask")
    ]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("被询问人签名：（手写）", 1),
        ("以上笔录看过，属实。（签名）", 1),
        ("当事人按了手印", 1),
        ("申请人照片：", 1),
        ("申请人（签字、盖章）：赵一鸣", 1),
        ("法定代表人（签章）：万里", 1),
        ("签名：石磊（手印）\n签名：田野", 2),
        ("高峰（印）", 1),
        ("签名册", 0),
        ("请签字确认。", 0),
        ("双方签字盖章后生效", 0),
        ("须加盖公章：一式两份", 0),
    ],
)
def test_ink_that_no_text_shows(text: str, places: int) -> None:
    assert len(inked(fold(text))) == places


def test_a_long_text_without_frames_has_none() -> None:
    assert list(framed("签 盖 印（" * 5_000)) == []
