"""Which articles of the 条例 a basis cites, and whether it cites anything."""

from __future__ import annotations

import pytest

from gongkai.model.duties.citing import articles, cites

CITED = [
    ("条例第十四条", "第十四条"),
    ("《政府信息公开条例》第14条、第十六条第一款；《统计法》第二十五条", "第十四条 第十六条"),
    ("依据《中华人民共和国政府信息公开条例》（国务院令第711号）第十六条", "第十六条"),
    ("条例第十四条至第十六条", "第十四条 第十五条 第十六条"),
    ("本条例第二十条第（一）项、测绘法第三十四条", "第二十条"),
    ("条例第十九条；条例第十九条、第二十一条", "第十九条 第二十一条"),
    ("不动产登记暂行条例第二十六条", ""),
    ("保守国家秘密法实施条例第四十二条", ""),
    ("第十六条", ""),
    ("条例第五十七条、第一百一十条、第零条", ""),
    ("条例", ""),
]


@pytest.mark.parametrize(("words", "found"), CITED)
def test_articles_of_the_regulation(words: str, found: str) -> None:
    assert articles(words) == tuple(found.split())


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("条例第十六条", True),
        ("《统计法》", True),
        ("国办发〔2016〕80号", True),
        ("按有关规定", False),
        ("内部文件", False),
        ("", False),
    ],
)
def test_a_basis_names_a_law_an_article_or_a_numbered_paper(words: str, told: bool) -> None:
    assert cites(words) is told
