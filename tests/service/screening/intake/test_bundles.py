"""Which files of a folder are one matter, told by their names."""

from __future__ import annotations

from pathlib import Path

import pytest

from gongkai.service.screening.intake.bundles import MOST, bundled
from gongkai.service.screening.records import Locator, Part, Role

SHORT = {Role.main: "正", Role.attachment: "附", Role.request: "请", Role.reply: "批", Role.form: "稿"}
FOLDER = Path("档案")


def shown(names: list[str], fields: dict[str, dict[str, str]] | None = None) -> list[str]:
    parts = [Part(Locator(FOLDER / name), fields=(fields or {}).get(name, {})) for name in names]
    return [
        " + ".join(f"{SHORT[part.role]}:{part.locator.path.relative_to(FOLDER)}" for part in bundle.parts)
        for bundle in bundled(parts)
    ]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        pytest.param([], [], id="nothing"),
        pytest.param(["关于防汛工作的通知.docx"], ["正:关于防汛工作的通知.docx"], id="one"),
        pytest.param(
            ["附件2：名单.xlsx", "附件1.doc", "关于防汛工作的通知.docx"],
            ["正:关于防汛工作的通知.docx + 附:附件1.doc + 附:附件2：名单.xlsx"],
            id="loose attachments of the only matter, in their order",
        ),
        pytest.param(
            ["附件10.doc", "附件9.doc", "正文.doc"],
            ["正:正文.doc + 附:附件9.doc + 附:附件10.doc"],
            id="nine before ten",
        ),
        pytest.param(
            ["关于防汛工作的通知.docx", "关于防火工作的通知.docx", "附件1.doc"],
            ["正:关于防汛工作的通知.docx", "正:关于防火工作的通知.docx", "附:附件1.doc"],
            id="two matters: a loose attachment stays alone",
        ),
        pytest.param(
            [
                "关于防汛工作的通知.docx",
                "关于防火工作的通知.docx",
                "关于防火工作的通知-附件1.doc",
                "关于防汛工作的通知（附件：名单）.xls",
            ],
            [
                "正:关于防汛工作的通知.docx + 附:关于防汛工作的通知（附件：名单）.xls",
                "正:关于防火工作的通知.docx + 附:关于防火工作的通知-附件1.doc",
            ],
            id="by the title in the name",
        ),
        pytest.param(
            ["关于防汛工作的通知（正文）.docx", "关于防汛工作的通知附件.doc", "关于防火工作的通知.docx"],
            ["正:关于防汛工作的通知（正文）.docx + 附:关于防汛工作的通知附件.doc", "正:关于防火工作的通知.docx"],
            id="正文 in brackets, 附件 at the end",
        ),
        pytest.param(
            ["关于桥梁检测的通知附件.doc", "关于防火工作的通知.docx"],
            ["附:关于桥梁检测的通知附件.doc", "正:关于防火工作的通知.docx"],
            id="an attachment that names another matter stays alone",
        ),
        pytest.param(
            ["青政发〔2018〕5号 关于防汛.docx", "青政发〔2018〕6号 关于防火.docx", "青政发[2018]6号附件.xlsx"],
            ["正:青政发〔2018〕5号 关于防汛.docx", "正:青政发〔2018〕6号 关于防火.docx + 附:青政发[2018]6号附件.xlsx"],
            id="by number, in any brackets",
        ),
        pytest.param(
            ["01 关于防汛的通知.docx", "01 附件1.docx", "02 关于防火的通知.docx", "02-附件.docx"],
            ["正:01 关于防汛的通知.docx + 附:01 附件1.docx", "正:02 关于防火的通知.docx + 附:02-附件.docx"],
            id="by serial number",
        ),
        pytest.param(
            ["2018年工作总结.docx", "2018年工作要点.docx", "附件.xls"],
            ["正:2018年工作总结.docx", "正:2018年工作要点.docx", "附:附件.xls"],
            id="a year is no serial number",
        ),
        pytest.param(
            ["青禾县民政局关于设立城东敬老院的请示.doc", "青禾县人民政府关于同意设立城东敬老院的批复.doc"],
            ["批:青禾县人民政府关于同意设立城东敬老院的批复.doc + 请:青禾县民政局关于设立城东敬老院的请示.doc"],
            id="request and reply",
        ),
        pytest.param(
            ["关于《关于设立城东敬老院的请示》的批复.doc", "关于设立城东敬老院的请示.doc", "附件1.doc", "发文稿纸.doc"],
            [
                "批:关于《关于设立城东敬老院的请示》的批复.doc + 请:关于设立城东敬老院的请示.doc + 附:附件1.doc"
                " + 稿:发文稿纸.doc"
            ],
            id="a reply that quotes the request; attachment and form of the pair",
        ),
        pytest.param(
            ["关于设立城东敬老院的请示.doc", "关于设立城西敬老院的批复.doc"],
            ["正:关于设立城东敬老院的请示.doc", "正:关于设立城西敬老院的批复.doc"],
            id="another matter",
        ),
        pytest.param(
            ["甲局关于设立敬老院的请示.doc", "乙局关于设立敬老院的请示.doc", "关于设立敬老院的批复.doc"],
            ["正:乙局关于设立敬老院的请示.doc", "正:关于设立敬老院的批复.doc", "正:甲局关于设立敬老院的请示.doc"],
            id="two requests and one reply: unsure",
        ),
        pytest.param(["请示.doc", "批复.doc"], ["正:批复.doc", "正:请示.doc"], id="no title: unsure"),
        pytest.param(
            ["关于防汛工作的通知.pdf", "关于防汛工作的通知.docx", "附件1.xls"],
            ["正:关于防汛工作的通知.docx + 附:附件1.xls", "正:关于防汛工作的通知.pdf"],
            id="the same in another format is another record; attachments go with the one that can be edited",
        ),
        pytest.param(
            ["关于防汛工作的通知.docx", "关于防汛工作的通知-发文稿纸.docx", "公开属性意见单.doc"],
            ["正:关于防汛工作的通知.docx + 稿:公开属性意见单.doc + 稿:关于防汛工作的通知-发文稿纸.docx"],
            id="forms",
        ),
        pytest.param(
            ["关于防汛工作的通知.docx", "附件/名单.xlsx", "附件/预案.docx"],
            ["正:关于防汛工作的通知.docx + 附:附件/名单.xlsx + 附:附件/预案.docx"],
            id="a folder of attachments",
        ),
        pytest.param(
            ["关于附件管理办法的通知.docx", "附属医院章程.docx"],
            ["正:关于附件管理办法的通知.docx", "正:附属医院章程.docx"],
            id="附件 as a word of a title",
        ),
    ],
)
def test_bundles(names, expected):
    assert shown(names) == expected


def test_a_register_tells_title_and_number():
    fields = {
        "a1.doc": {"title": "关于防汛工作的通知"},
        "a2.doc": {"title": "关于防火的通知", "number": "青政发〔2018〕6号"},
    }
    expected = [
        "正:a1.doc + 附:关于防汛工作的通知附件.doc",
        "正:a2.doc + 附:青政发（2018）6号附件.doc",
    ]
    assert shown(["a1.doc", "a2.doc", "关于防汛工作的通知附件.doc", "青政发（2018）6号附件.doc"], fields) == expected


def test_too_many_for_one_matter_stay_alone():
    names = ["正文.doc", *(f"附件{n}.doc" for n in range(MOST))]
    assert len(bundled([Part(Locator(FOLDER / name)) for name in names])) == MOST + 1


def test_the_order_of_the_files_changes_nothing():
    names = ["附件1.doc", "关于设立城东敬老院的请示.doc", "关于设立城东敬老院的批复.doc", "附件2.doc", "发文稿纸.doc"]
    assert shown(names) == shown(names[::-1]) != []
