"""Tips, petitions and what comes of them: the outcome is public, who spoke up is not (条例 15; 信访工作条例)."""

from __future__ import annotations

import pytest

from gongkai.model.document import Document
from gongkai.model.finding import Action, Attribute, Handling, Screening
from gongkai.model.screener import Screener

FOOT = "\n青禾县自然资源局\n2024年4月8日\n"
TIP = (
    "青禾县自然资源局关于12336举报线索转办的函\n柳湾镇人民政府：\n我局12336热线收到举报人赵一鸣（联系电话13812345678）"
    "实名举报，反映柳湾镇石桥村有人未经批准占用耕地建设厂房。请核查，并注意为举报人保密。"
)
HOTLINE = (
    "关于12336举报热线和举报信箱受理情况的报告\n县人民政府：\n一季度共受理群众举报线索41件，其中来信举报人李思齐"
    "（手机13912345678）反映的问题已转柳湾镇核查。"
)
RESULTS = (
    "青禾县自然资源局2024年第一季度重点信访事项处理结果公示\n现将重点信访事项处理结果公示如下：\n"
    "一、信访人赵一鸣（电话13812345678）反映征地补偿不到位问题。经核查，已督促柳湾镇于3月底前发放到位。\n"
    "二、钱多文来信反映违法采砂问题。已立案查处。\n三、信访人：孙可望，反映宅基地确权问题。处理结果：已办结。"
)
REPLY = (
    "青禾县自然资源局关于赵一鸣信访事项的处理意见书\n赵一鸣：\n你于2024年3月2日来信反映石桥村征地补偿问题收悉。经调查，"
    "补偿款已发放到位。如不服本处理意见，可自收到之日起30日内申请复查。"
)
CHANNELS = (
    "青禾县自然资源局信访渠道公告\n为方便群众反映问题，现公布我局信访渠道：\n通信地址：青禾县人民路18号\n"
    "咨询投诉电话：0793-8123456，举报电话12336\n信访接待时间：每周一至周五上午8:30至12:00，地点：县自然资源局一楼信访接待室"
)
INSPECTION = (
    "青禾县人民政府督查室关于2024年土地例行督察发现问题整改落实情况的通报\n各乡镇人民政府：\n"
    "现将督查发现问题及整改落实情况、问责情况通报如下：\n一、柳湾镇违法占地问题已拆除复耕3.2亩，涉及村民钱多文"
    "（身份证号330101199001010016）的补偿款已补发。\n二、给予柳湾镇自然资源所所长赵一鸣政务警告处分。"
)


@pytest.fixture(scope="module")
def screener() -> Screener:
    return Screener.load()


def judged(screener: Screener, text: str) -> Screening:
    return screener(Document("a", text + FOOT))


def clauses(found: Screening) -> set[str]:
    return {hit.kind for hit in found.negative}


def names(found: Screening, action: Action) -> set[str]:
    return {one.span.of(found.document.text) for one in found.personal if one.action == action}


@pytest.mark.parametrize(("text", "hidden"), [(TIP, {"赵一鸣", "13812345678"}), (HOTLINE, {"李思齐", "13912345678"})])
def test_tips_are_withheld_and_who_gave_them_is_hidden(screener: Screener, text: str, hidden: set[str]) -> None:
    found = judged(screener, text)
    assert found.opinion.label == Attribute.withheld
    assert "NL-11" in clauses(found)
    assert hidden <= names(found, Action.mask)


def test_results_of_petitions_are_public_without_the_petitioners(screener: Screener) -> None:
    found = judged(screener, RESULTS)
    assert (found.opinion.label, found.handling) == (Attribute.proactive, Handling.deid)
    assert {"赵一鸣", "钱多文", "孙可望", "13812345678"} <= names(found, Action.mask)
    assert {"N13", "G18"} & {one.code for one in found.categories[:2]}


def test_a_reply_to_one_petitioner_is_not_public(screener: Screener) -> None:
    found = judged(screener, REPLY)
    assert found.opinion.label != Attribute.proactive
    assert "NL-11" in clauses(found)
    assert "赵一鸣" in names(found, Action.mask) and "赵一鸣" not in names(found, Action.keep)


def test_channels_for_petitions_are_public_with_their_numbers(screener: Screener) -> None:
    found = judged(screener, CHANNELS)
    assert (found.opinion.label, found.handling) == (Attribute.proactive, Handling.full)
    assert found.categories[0].code == "G18"
    assert names(found, Action.keep) == {"0793-8123456"} and not names(found, Action.mask)


def test_supervision_is_public_private_people_in_it_are_not(screener: Screener) -> None:
    found = judged(screener, INSPECTION)
    assert (found.opinion.label, found.handling) == (Attribute.proactive, Handling.deid)
    assert found.categories[0].code == "G20"
    assert {"钱多文", "330101199001010016"} <= names(found, Action.mask)
    assert names(found, Action.keep) == {"赵一鸣"}


@pytest.mark.parametrize(
    ("clause", "text"),
    [
        ("NL-04", "青禾县反恐怖工作领导小组关于印发重点目标反恐防范工作方案的通知\n各成员单位：\n现将反恐怖防范重点目标"
                  "名录、警力部署和应急处突力量配置方案印发给你们，请严格控制知悉范围。"),
        ("NL-05", "青禾县公安局关于报送大型活动安保方案的报告\n县人民政府：\n现场安保警力部署、警卫路线、应急撤离通道"
                  "和联络口令安排如下，请勿外传。"),
        ("NL-06", "青禾县粮油储备中心关于2024年度储备粮轮换底价和收储计划的请示\n县人民政府：\n为稳定市场，拟定轮换底价"
                  "每吨2860元，在竞价前不得对外泄露。"),
        ("NL-07", "青禾县信访维稳工作领导小组关于印发重点人员稳控工作方案的通知\n各乡镇：\n对重点人员逐人落实稳控责任，"
                  "一人一策，严防串联聚集、进京上访。"),
    ],
)  # fmt: skip
def test_the_four_dangers_are_clauses_that_must_withhold(screener: Screener, clause: str, text: str) -> None:
    row = screener.rules.clause[clause]
    assert (row.force, row.reason) == ("must", "W-143") and "条例第十四条" in row.basis
    found = judged(screener, text)
    assert clause in clauses(found)
    assert found.opinion.label == Attribute.withheld
