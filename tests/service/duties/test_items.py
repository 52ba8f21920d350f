"""Catalog items as people write them: by name or code; other words are not dropped in silence."""

from __future__ import annotations

import pytest

from gongkai.model.errors import RequestError
from gongkai.model.rulebook import Rulebook
from gongkai.service.duties.items import code_of, labels

RULES = Rulebook.load()


@pytest.mark.parametrize("code", ["G0102", "G0704"])
def test_a_name_or_a_code_is_understood(code):
    assert code_of(f" {labels(RULES)[code]} ", RULES) == code_of(code, RULES) == code


def test_nothing_is_nothing_and_other_words_are_refused():
    assert code_of("  ", RULES) == ""
    with pytest.raises(RequestError, match="没有“别的文件”"):
        code_of("别的文件", RULES)
