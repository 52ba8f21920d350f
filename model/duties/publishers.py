"""The level of the agency that a name stands for: who has to publish what is told by level (条例 10, 21)."""

from __future__ import annotations

import re

from gongkai.model.folding import fold

_VILLAGE = re.compile("(村民委员会|居民委员会|村委会|居委会|村民小组|经济合作社|集体经济组织)$")
_TOWN = re.compile(
    "(镇|乡|街道)(人民政府|党委|办事处)|街道办事处|[\u4e00-\u9fff]{1,6}(镇|乡)[^县区市]*(所|办|站|中心)$"
)
_COUNTY = re.compile("[\u4e00-\u9fff]{1,6}(自治县|县|旗|区)(?!域|划|片)")
_CITY = re.compile("[\u4e00-\u9fff]{1,6}(市|自治州|盟|地区)")
_PROVINCE = re.compile("[\u4e00-\u9fff]{2,8}(省|自治区)|^(北京|上海|天津|重庆)市")
#: A city that a province's name stands before.
_BELOW = re.compile("省[\u4e00-\u9fff]{1,6}(市|自治州|盟|地区)")
_NATION = re.compile("^(国务院|中华人民共和国|国家|自然资源部|国土资源部|[\u4e00-\u9fff]{2,10}部$)")
#: Areas that are no level of government; a 新区 below a city is one.
_NO_COUNTY = re.compile("(开发区|园区|景区|示范区|(?<!市)[\u4e00-\u9fff]{2}新区|保护区)")
_LEVELS = (
    ("村级", _VILLAGE),
    ("乡级", _TOWN),
    ("县级", _COUNTY),
    ("国家", _NATION),
    ("市级", _CITY),
    ("省级", _PROVINCE),
)


def level_of(issuer: str) -> str:
    """国家, 省级, 市级, 县级, 乡级, 村级; nothing where the name doesn't tell."""
    name = fold(issuer).strip().replace("自治区", "省")
    bare = name if re.search("市[\u4e00-\u9fff]{2,4}新区", name) else _NO_COUNTY.sub("", name)
    found = next((level for level, pattern in _LEVELS if pattern.search(bare)), "")
    return "省级" if found == "市级" and _PROVINCE.search(bare) and not _BELOW.search(bare) else found
