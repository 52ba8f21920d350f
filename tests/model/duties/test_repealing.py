"""What papers say of validity, as they write it."""

from __future__ import annotations

from datetime import date

import pytest

from gongkai.model.duties.repealing import commenced, repeals, term

SAID = [
    (
        "本办法自2020年1月1日起施行。2015年5月6日发布的《青禾县供水管理办法》（青政发〔2015〕8号）同时废止。",
        [("青禾县供水管理办法", "青政发〔2015〕8号", "repealed")],
    ),
    (
        "根据《规章制定程序条例》，《青禾县甲办法》（青政发〔2011〕1号）、《青禾县乙规定》（青政发〔2012〕2号）予以废止。",
        [("青禾县甲办法", "青政发〔2011〕1号", "repealed"), ("青禾县乙规定", "青政发〔2012〕2号", "repealed")],
    ),
    ("县政府决定废止《青禾县丙办法》。《青禾县丁办法》是否废止另行研究。", [("青禾县丙办法", "", "repealed")]),
    ("《青禾县河砂管理规定》自2024年1月1日起停止执行。", [("青禾县河砂管理规定", "", "expired")]),
    ("《青禾縣供水管理辦法》同時廢止。", [("青禾县供水管理办法", "", "repealed")]),
    ("各单位应当清理规章，提出修改或者废止的建议。", []),
    ("《青禾县关于废止部分文件的决定》已经印发。", []),
    ("对《青禾县己办法》的废止情况作了说明。", []),
    ("建议废止《青禾县庚办法》。", []),
    ("《青禾县辛办法》不予废止，继续执行。", []),
]
LIST = """青禾县人民政府关于规范性文件清理结果的通告
一、下列文件予以废止：
1.关于加强河道管理的通知（青政办发〔2009〕5号）
2．《青禾县砂石管理办法》（青政发〔2010〕7号）
二、宣布失效的规范性文件目录
1. 关于2010年防汛工作的意见（青政发〔2010〕3号）
三、工作要求
1. 各单位要认真执行清理结果，及时标注
附件：继续有效的规范性文件目录
1. 关于节约用水的意见（青政发〔2018〕3号）
"""


@pytest.mark.parametrize(("text", "expected"), SAID)
def test_what_a_sentence_repeals(text, expected):
    assert [(one.title, one.number, one.effect) for one in repeals(text)] == expected


def test_what_a_list_repeals_declares_void_and_keeps():
    found = [(one.title, one.number, one.effect) for one in repeals(LIST)]
    assert found == [
        ("关于加强河道管理的通知", "青政办发〔2009〕5号", "repealed"),
        ("青禾县砂石管理办法", "青政发〔2010〕7号", "repealed"),
        ("关于2010年防汛工作的意见", "青政发〔2010〕3号", "expired"),
        ("关于节约用水的意见", "青政发〔2018〕3号", "valid"),
    ]


def test_the_place_says_it():
    text = "前文。\n《青禾县丙办法》（青政发〔2011〕1号）同时废止。"
    (one,) = repeals(text)
    assert one.span.of(text) == "《青禾县丙办法》（青政发〔2011〕1号）"


def test_from_when_it_holds():
    assert commenced("本办法自二〇二一年三月一日起施行。") == date(2021, 3, 1)
    assert commenced("本办法自公布之日起施行。") is None


@pytest.mark.parametrize(
    ("text", "issued", "last"),
    [
        ("本办法自2021年3月1日起施行，有效期至2026年2月28日。", None, date(2026, 2, 28)),
        ("本办法自2021年3月1日起施行，有效期5年。", None, date(2026, 2, 28)),
        ("本规定自公布之日起施行，有效期为五年。", date(2020, 2, 29), date(2025, 2, 27)),
        ("本规定自印发之日起试行，试行期二年。", date(2023, 6, 1), date(2025, 5, 31)),
        ("本规定有效期十年。", None, None),
        ("本规定自印发之日起施行。", date(2023, 6, 1), None),
        ("有效期至2026年2月30日。", None, None),
    ],
)
def test_until_when_a_paper_holds(text, issued, last):
    found = term(text, issued)
    assert (found.last if found else None) == last
