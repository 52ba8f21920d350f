"""The form of a passage is filled in, and filled in again after it came back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from gongkai.model.errors import RequestError
from gongkai.model.rulebook import Rulebook
from gongkai.service.access.actors import Actor
from gongkai.service.errors import Conflicting, Outdated
from gongkai.service.opinion.form import fields, given
from gongkai.service.passages.importance import flags
from gongkai.service.passages.sheet import FLAGS, FORM, REASON
from gongkai.service.passages.stepping import passage_of
from gongkai.service.store import trail
from gongkai.service.store.duties import Passage
from gongkai.service.store.tables import Kept

#: States in which the drafter fills the form in; afterwards, until it is public, whoever reviews it does.
DRAFTING = frozenset({"drafted", "returned"})
REVIEWING = frozenset({"signed"})
#: What is decided once it is signed.
_DECIDED = ("attribute", "reason", "basis")


def editable(actor: Actor, passage: Passage) -> bool:
    """Whether somebody may change the form as it stands."""
    return passage.state in DRAFTING or (passage.state in REVIEWING and actor.may("source"))


def fill(
    session: Session,
    rules: Rulebook,
    actor: Actor,
    document: Kept,
    form: Mapping[str, object],
    at: datetime,
    *,
    reason: str | None = None,
    flagged: Sequence[str] | None = None,
    version: int = 0,
) -> Passage:
    """Keep the form; what is not sent stays as it was. Raises RequestError, Conflicting, Outdated."""
    if reason and reason not in rules.reason:
        raise RequestError("没有这个理由代码，请从规则表的理由中选。")
    if unknown := [flag for flag in flagged or () if flag not in {row.code for row in flags()}]:
        raise RequestError(f"没有“{unknown[0][:30]}”这种情形，可用的有：{'、'.join(row.code for row in flags())}。")
    session.refresh(document, with_for_update=True)
    passage = passage_of(session, document, at)
    session.refresh(passage, with_for_update=True)
    if version and version != passage.version:
        raise Outdated("这件公文在您打开之后有了新的办理，请刷新后再填。")
    if not editable(actor, passage):
        raise Conflicting("现在不能改报送单：已经报送的，撤回或者退文以后再改。")
    written = _worded(_written(passage, form), passage, reason or "", rules)
    sent = {FORM: written, REASON: reason, FLAGS: None if flagged is None else sorted(flagged)}
    passage.bundle = passage.bundle | {key: value for key, value in sent.items() if value is not None}
    passage.version, passage.changed = passage.version + 1, at
    trail.append(session, actor.user, "fill", "document", document.id, at=at, version=passage.version)
    session.flush()
    return passage


def _written(passage: Passage, form: Mapping[str, object]) -> dict[str, str]:
    before = {key: str(value) for key, value in passage.bundle.get(FORM, {}).items()}
    sent = {key: value for key, value in given(form).items() if key in form}
    after = before | {key: value for key, value in sent.items() if key in {field.key for field in fields()}}
    if passage.state in REVIEWING:
        after |= {key: before.get(key, "") for key in _DECIDED}
        if before.get("policy") == "是":  # what was sent to the disclosure office stays a policy document
            after["policy"] = "是"
    return after


def _worded(written: dict[str, str], passage: Passage, code: str, rules: Rulebook) -> dict[str, str]:
    """The words and basis of the reason that was chosen, where the form has none or those of the one before."""
    if passage.state in REVIEWING or code not in rules.reason:
        return written
    row, before = rules.reason[code], rules.reason.get(str(passage.bundle.get(REASON, "")))
    old = ("", before.text, before.basis) if before else ("",)
    told = {"reason": row.text, "basis": row.basis}
    return written | {key: words for key, words in told.items() if written.get(key, "").strip() in old}
