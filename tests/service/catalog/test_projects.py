"""Projects and their papers by titles."""

from __future__ import annotations

import pytest

from gongkai.service.catalog.projects import Title, audited, kinds, paper_of, project_of

LAND, MAJOR = kinds()
BATCH = [
    "青禾县人民政府征收土地预公告（青禾县2024年度第三批次城镇建设用地）",
    "青禾县2024年度第三批次城镇建设用地征地补偿安置方案公告",
    "青禾省人民政府关于青禾县2024年度第三批次城镇建设用地的批复",
    "青禾县2024年度第三批次城镇建设用地壹書四方案",
    "青禾县人民政府关于2024年度第三批次城镇建设用地征收土地公告",
    "青禾县第二中学建设项目征收土地公告",
    "关于召开会议的通知",
]
HOSPITAL = [
    "青禾县人民医院迁建项目招标公告",
    "关于青禾县人民医院迁建项目可行性研究报告的批复",
    "青禾县人民医院迁建项目施工进度",
    "青禾县人民医院迁建项目竣工验收公示",
]


def test_a_land_requisition_lacks_papers() -> None:
    school, batch = audited(LAND, [Title(title) for title in BATCH])
    assert (school.name, batch.name) == ("青禾县第二中学建设项目", "2024年度第三批次城镇建设用地")
    assert [paper.code for paper in batch.missing] == ["N0202"]
    assert [paper.code for paper in school.missing] == ["N0201", "N0202", "N0203", "N0205", "N0206"]
    assert [paper.code for paper in batch.optional] == ["N0204", "N0208"]
    assert all(paper.basis for paper in LAND.papers)


def test_the_eight_classes_of_a_major_project() -> None:
    assert len(MAJOR.papers) == 8
    (found,) = audited(MAJOR, [Title(title) for title in HOSPITAL])
    assert list(found.there) == ["招标投标信息", "批准结果信息", "施工有关信息", "竣工有关信息"]
    assert [paper.name for paper in found.missing] == ["批准服务信息", "征收土地信息", "质量安全监督信息"]


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("征收土地预公告", "N0201"),
        ("拟征收土地公告", "N0201"),
        ("征收土地公告", "N0207"),
        ("土地现状调查结果公示", "N0202"),
        ("征地补偿安置公告", "N0203"),
        ("建设项目呈报说明书", "N0205"),
        ("植树节通知", None),
    ],
)
def test_papers_by_their_titles(title: str, code: str | None) -> None:
    paper = paper_of(LAND, title)
    assert (paper.code if paper else None) == code


def test_a_title_without_a_project() -> None:
    assert project_of(LAND, "征收土地公告") == ""
