"""Whose word is needed before a paper goes out: each flag with the words that show it, and papers without any."""

from __future__ import annotations

import pytest

from gongkai.model.document import Document
from gongkai.model.duties.consulting import consulting
from gongkai.model.elements import read_elements
from gongkai.model.finding import Attribute
from gongkai.model.rulebook import Rulebook

RULES = Rulebook.load()


def paper(title, body="", issuer="青禾县水务局", number="青水发〔2024〕8号"):
    return f"{title}\n{number}\n\n各乡镇人民政府：\n    {body or '请遵照执行。'}\n\n{issuer}\n2024年5月6日\n"


def flags(text, label=None):
    document = Document("", text)
    return consulting(document, read_elements(document, RULES), RULES, label)


def seen(text):
    return {flag.code: (flag.about, [span.of(text) for span in flag.spans]) for flag in flags(text)}


FORWARDED = paper(
    "青禾县水务局关于转发省水利厅河道管护办法的通知",
    "现将《省水利厅关于印发河道管护办法的通知》（省水〔2024〕3号）转发给你们，请认真执行。",
)


@pytest.mark.parametrize(
    ("text", "code", "about", "words"),
    [
        (FORWARDED, "forwarded", "省水〔2024〕3号", "转发省水利厅河道管护办法"),
        (
            paper("关于联合整治河道的通知", issuer="青禾县水务局　青禾县公安局"),
            "joint",
            "青禾县水务局、青禾县公安局",
            "青禾县公安局",
        ),
        (
            paper("关于联合整治河道的通知", issuer="青禾县水务局 青禾县公安局"),
            "joint",
            "青禾县水务局、青禾县公安局",
            "青禾县公安局",
        ),
        (
            paper("关于河道水质情况的通报", "据县生态环境局通报，三处断面超标。"),
            "others-made",
            "县生态环境局",
            "据县生态环境局通报",
        ),
        (
            paper("关于河道管护的通知", "河道垃圾由县城市管理局负责清理。"),
            "others-duty",
            "县城市管理局",
            "由县城市管理局负责",
        ),
        (
            paper("关于水价的通知", "经商县发展和改革局同意，调整如下。"),
            "co-made",
            "县发展和改革局",
            "经商县发展和改革局同意",
        ),
        (
            paper("关于水质情况的通报", "6月2日，我局会同县生态环境局到厂复查。"),
            "co-made",
            "县生态环境局",
            "我局会同县生态环境局",
        ),
        (
            paper("关于水质情况的通报", "青禾县水务局会同县财政局、农业农村局拟定了方案。"),
            "co-made",
            "县财政局",
            "青禾县水务局会同县财政局",
        ),
        (
            paper("关于水质情况的通报", "经与县公安局等单位两次会商，暂不处置。"),
            "co-made",
            "县公安局",
            "与县公安局等单位两次会商",
        ),
        (paper("青禾湖蓝藻处置会商记录"), "co-made", "", "会商记录"),
        (
            paper("青禾湖管护规定", "本规定由县水务局解释，本规定报县人民政府批准后施行。"),
            "approval-said",
            "",
            "报县人民政府批准后施行",
        ),
        (
            paper("青禾县水务局关于转发水价办法的通知", "《水价办法》报省人民政府批准后施行，现转发给你们。"),
            "approval-carried",
            "",
            "报省人民政府批准后施行",
        ),
        (
            paper("青禾县水务局关于转发水价办法的通知", "省水利厅《水价办法》经省人民政府同意，现转发给你们。"),
            "approval-carried",
            "",
            "经省人民政府同意，现转发",
        ),
        (
            paper("关于水质的函", "本数据报县人民政府批准后公布。"),
            "approval-said",
            "",
            "报县人民政府批准后公布",
        ),
        (
            paper("关于水质的函", "未经省水利厅同意不得对外公布。"),
            "approval-said",
            "",
            "未经省水利厅同意不得对外公布",
        ),
        (
            paper("关于水价调整的通知", "本次调整涉及面广、社会影响大。"),
            "wide-effect",
            "",
            "涉及面广",
        ),
        (
            paper("青禾县国土变更调查成果", issuer="青禾县自然资源局"),
            "land-survey",
            "",
            "国土变更调查成果",
        ),
        (
            paper("青禾县2024年度地质灾害防治方案", issuer="青禾县自然资源局"),
            "hazard-plan",
            "",
            "年度地质灾害防治方案",
        ),
        (
            paper("地质灾害气象风险预警", issuer="青禾县自然资源局"),
            "hazard-forecast",
            "",
            "地质灾害气象风险预警",
        ),
    ],
)  # fmt: skip
def test_a_flag_shows_who_and_where(text, code, about, words):
    found = seen(text)
    assert code in found
    assert found[code][0] == about
    assert any(words in place for place in found[code][1])


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (paper("关于青河路停水检修的通告", "因管网检修停水，请提前储水。"), set()),
        (paper("关于河道管护的通知", "河道垃圾由县水务局负责清理。"), set()),
        (paper("关于印发《青禾县水务局工作规则》的通知", "现印发给你们。"), set()),
        (paper("关于河道管护的通知", "由县水务局会同县公安局巡查。"), set()),
        (paper("关于河道管护的通知", "请你乡会同县公安局巡查，行业协会商会参加。"), set()),
        (paper("关于河道管护的通知", "县农业农村局会同县公安局巡查，方案报县人民政府批准后实施。"), set()),
        (paper("关于转发河道管护办法的通知", issuer="青禾县水务局"), {"forwarded"}),
    ],
)
def test_what_is_the_issuers_own_needs_nobody(text, codes):
    assert set(seen(text)) == codes


@pytest.mark.parametrize(
    ("issuer", "number", "expected"),
    [
        ("中共青禾县委办公室", "青委办发〔2024〕8号", {"party"}),
        ("中共青禾县委办公室　青禾县人民政府办公室", "青委办发〔2024〕8号", {"joint-party"}),
        ("中共青禾县委办公室　青禾县人民政府办公室", "青政办发〔2024〕8号", {"joint-party"}),
        ("青禾县人民政府办公室", "青政办发〔2024〕8号", set()),
        ("青禾县卫生健康委员会", "青卫发〔2024〕8号", set()),
    ],
)
def test_party_and_joint_papers_are_for_a_person_to_place(issuer, number, expected):
    found = flags(paper("关于做好防汛工作的通知", issuer=issuer, number=number))
    assert {flag.code for flag in found if flag.kind == "scope"} == expected
    assert all("由人认定" in flag.do and flag.basis.startswith("条例第二条") for flag in found if flag.kind == "scope")


@pytest.mark.parametrize(
    ("label", "expected"),
    [(None, set()), (Attribute.withheld, {"harm-test"}), (Attribute.on_request, {"harm-request"})],
)
def test_harm_is_weighed_before_a_refusal(label, expected):
    found = flags(paper("关于河道管护的请示"), label)
    assert {flag.code for flag in found if flag.kind == "part"} == expected


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("关于印发青禾县突发公共卫生事件应急预案的通知", True),
        ("青禾县应急预案演练方案", False),
        ("汛期值班的通知", False),
    ],
)
def test_an_emergency_plan_is_taken_apart(title, expected):
    found = {flag.code: flag.do for flag in flags(paper(title))}
    assert ("部署" in found.get("emergency-plan", "")) is expected


@pytest.mark.parametrize(
    ("title", "expected"),
    [("对县政协第21号提案的答复", True), ("关于2024年建议提案办理情况的报告", True), ("关于水价的建议", False)],
)
def test_a_reply_to_a_motion_is_held_against_the_public_interest(title, expected):
    assert ("motion-reply" in {flag.code for flag in flags(paper(title))}) is expected


def test_a_reprint_names_its_source():
    text = "关于防汛的提示\n来源：青禾日报社\n\n    近期多雨，请注意防范。\n"
    assert seen(text)["reprinted"][0] == "青禾日报社"
