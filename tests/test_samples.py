"""The samples of `make demo` are suggested as SAMPLES.md says."""

from __future__ import annotations

from pathlib import Path

import pytest

from gongkai.model.finding import Action, Screening
from gongkai.service.desk import Desk
from gongkai.service.settings import Settings

SAMPLES = Path(__file__).parent.parent / "corpora" / "samples"


@pytest.fixture(scope="module")
def desk() -> Desk:
    return Desk.open(Settings())


def masked(screening: Screening) -> set[str]:
    return {finding.kind for finding in screening.personal if finding.action == Action.mask}


@pytest.mark.parametrize(
    ("file", "attribute", "handling", "hidden"),
    [
        ("01-停水检修通告.docx", "proactive", "full", set()),
        ("02-行政处罚决定书.pdf", "proactive", "deid", {"ID_CARD", "PHONE_MOBILE"}),
        ("03-规划条件变更批复.ofd", "on_request", "full", set()),
        ("04-临时救助公示.xlsx", "proactive", "deid", {"ID_CARD", "BANK"}),
        ("05-公开征求意见.html", "proactive", "full", set()),
        ("06-信访事项答复意见书.txt", "on_request", "partial", {"NAME", "ID_CARD", "PHONE_MOBILE", "ADDR_HOME"}),
        ("07-追加防汛经费的请示.doc", "withheld", "full", set()),
    ],
)
def test_sample(desk: Desk, file: str, attribute: str, handling: str, hidden: set[str]) -> None:
    screening = desk.screen(desk.file(SAMPLES / file))
    assert (screening.opinion.label, screening.handling) == (attribute, handling)
    assert hidden <= masked(screening) if hidden else not masked(screening)


def test_every_sample_is_listed() -> None:
    listed = (SAMPLES.parent / "SAMPLES.md").read_text("utf-8")
    for path in SAMPLES.iterdir():
        assert f"| {path.name} |" in listed
