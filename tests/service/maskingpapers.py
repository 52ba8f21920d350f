"""Papers for the privacy officer's tests; people and numbers are invented."""

from __future__ import annotations

CARD, MOBILE = "330102199003074514", "13805701234"
NOTICE = (
    "青禾县民政局关于给予临时救助的公示\n"
    f"经审核，拟给予居民赵一鸣（身份证号：{CARD}，手机{MOBILE}）临时救助3000元，档案编号QH甲字第7B9号。\n"
    "经办人：孙明华。受理窗口：民政服务大厅三号。\n"
    f"上述救助由居民钱小川代居民赵一鸣申请，档案编号QH甲字第7B9号，联系手机{MOBILE}。\n"
    "青禾县民政局\n2024年4月28日\n"
)
VALUES = ("赵一鸣", "钱小川", CARD, MOBILE)
CLASSIFIED = "机密★10年\n青禾县人民政府办公室文件\n关于苍鹭演练的通知\n各部门：\n请遵照执行。联系人钱小川。\n"
