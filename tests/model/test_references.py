"""What a document forwards, answers and attaches; numbers and titles in one spelling."""

from __future__ import annotations

import pytest

from gongkai.model.document import Document
from gongkai.model.references import Reference, core_key, number_key, references, title_key

FORWARDED = """青禾县人民政府办公室文件
青政办发〔2021〕8号

青禾县人民政府办公室转发柳州省人民政府办公厅关于加强防汛值守工作的通知

各乡镇人民政府，县直各部门：
    现将《柳州省人民政府办公厅关于加强防汛值守工作的通知》（柳政办发〔2021〕31号）转发给你们，请认真贯彻执行。

青禾县人民政府办公室
2021年6月1日
"""
ISSUED = """青禾县人民政府关于印发《青禾县校外托管机构管理办法》的通知

各乡镇人民政府：
    根据《柳州省校外托管条例》（柳人发〔2019〕2号），《青禾县校外托管机构管理办法》已经县政府同意，现印发给你们，请遵照执行。

    附件：1. 青禾县校外托管机构管理办法
          2. 登记表

青禾县人民政府
2021年6月1日
"""
APPROVED = """青禾县人民政府关于同意设立云溪湿地保护区的批复
青政复〔2020〕5号

县林业局：
    你局《关于设立云溪湿地保护区的请示》（青林〔2020〕12号）收悉。经研究，同意设立云溪湿地保护区。

青禾县人民政府
2020年5月1日
"""
ANSWERED = """青禾县财政局关于经费问题的复函

县教育局：
    青教函〔2020〕3号来函收悉。经研究，现函复如下：同意安排经费。

青禾县财政局
2020年5月1日
"""


def titled(title: str) -> str:
    return f"{title}\n\n各乡镇人民政府：\n    请认真贯彻执行。\n\n青禾县人民政府\n2021年6月1日\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (FORWARDED, [("forwards", "柳政办发〔2021〕31号", "柳州省人民政府办公厅关于加强防汛值守工作的通知")]),
        (
            ISSUED,
            [
                ("forwards", "", "青禾县校外托管机构管理办法"),
                ("attaches", "", "青禾县校外托管机构管理办法"),
                ("attaches", "", "登记表"),
            ],
        ),
        (APPROVED, [("answers", "青林〔2020〕12号", "关于设立云溪湿地保护区的请示")]),
        (ANSWERED, [("answers", "青教函〔2020〕3号", "")]),
        (titled("青禾县人民政府关于加强转发文件管理工作的通知"), []),
        (titled("青禾县人民政府关于做好春耕工作的通知"), []),
        (
            titled("青禾县人民政府批转县水务局关于节约用水意见的通知"),
            [("forwards", "", "县水务局关于节约用水意见")],
        ),
        (
            titled("青禾县人民政府转发省政府关于做好春耕工作的通知"),
            [("forwards", "", "省政府关于做好春耕工作的通知")],
        ),
        (titled("青禾县人民政府关于印发防汛预案（2021版）的通知"), [("forwards", "", "防汛预案(2021版)")]),
    ],
)
def test_references(screener, text, expected):
    found = references(screener.reading(Document("", text)))
    assert found == tuple(Reference(*row) for row in expected)


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("国办发〔2021〕5号", "国办发-2021-5号"),
        ("国办发 [2021] 05 号", "国办发-2021-5号"),
        ("國辦發（２０２１）第５號", "国办发-2021-5号"),
        ("青政〔2021〕15号", "青政-2021-15号"),
        ("第5号", ""),
        ("2021年第5号", ""),
        ("", ""),
    ],
)
def test_number_key(number, expected):
    assert number_key(number) == expected


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("省卫生厅关于加强农村卫生工作的意见", "省卫生厅关于加强农村卫生工作意见", True),
        ("关于印发《管理办法》的通知", "关于印发管理办法的通知", True),
        ("关于印发管理办法的通知", "关于印发管理办法的通报", False),
    ],
)
def test_title_key(one, other, same):
    assert (title_key(one) == title_key(other)) is same


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("省卫生厅关于加强农村卫生工作的意见", "加强农村卫生工作意见"),
        ("关于放假的通知", ""),
        ("青禾县防汛预案", ""),
    ],
)
def test_core_key(title, expected):
    assert core_key(title) == expected
