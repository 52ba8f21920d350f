"""Is everything public that belongs to one project: a land requisition with its papers, a major project's classes?"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from sqlalchemy.orm import Session

from gongkai.model.folding import fold
from gongkai.service.access.actors import Actor
from gongkai.service.casework.keeping import within_reach
from gongkai.service.store.tables import Kept

MOST = 20_000


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper that a project publishes; `needed` False where some projects have none."""

    code: str
    name: str
    title: re.Pattern[str]
    basis: str
    needed: bool = True


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of project: how titles name one, and its papers in their order."""

    id: str
    name: str
    basis: str
    project: re.Pattern[str]
    papers: tuple[Paper, ...]


@dataclass(frozen=True, slots=True)
class Title:
    """A published or kept paper: its title, the day, where it is."""

    title: str
    day: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Project:
    """One project with what there is of each of its papers."""

    kind: Kind
    name: str
    there: Mapping[str, tuple[Title, ...]]

    @property
    def missing(self) -> tuple[Paper, ...]:
        """Papers that have to be public and are not there."""
        return tuple(paper for paper in self.kind.papers if paper.needed and paper.name not in self.there)

    @property
    def optional(self) -> tuple[Paper, ...]:
        """Papers that are not there and that not every project has."""
        return tuple(paper for paper in self.kind.papers if not paper.needed and paper.name not in self.there)


@cache
def kinds() -> tuple[Kind, ...]:
    """The kinds of projects of projects.toml."""
    text = (resources.files("gongkai.service.catalog") / "projects.toml").read_text("utf-8")
    return tuple(_kind(row) for row in tomllib.loads(text)["kind"])


def _kind(row: dict[str, Any]) -> Kind:
    papers = tuple(Paper(**{**one, "title": re.compile(one["title"])}) for one in row["paper"])
    return Kind(row["id"], row["name"], row["basis"], re.compile(row["project"]), papers)


def audited(kind: Kind, titles: Iterable[Title]) -> tuple[Project, ...]:
    """The projects that titles name, those that lack most first."""
    found: dict[str, dict[str, list[Title]]] = {}
    for one in titles:
        paper, name = paper_of(kind, one.title), project_of(kind, one.title)
        if paper and name:
            found.setdefault(name, {}).setdefault(paper.name, []).append(one)
    projects = [
        Project(kind, name, {key: tuple(papers) for key, papers in there.items()}) for name, there in found.items()
    ]
    return tuple(sorted(projects, key=lambda project: (-len(project.missing), project.name)))


def paper_of(kind: Kind, title: str) -> Paper | None:
    """Which of a project's papers a title is; None for none."""
    folded = fold(title)
    return next((paper for paper in kind.papers if paper.title.search(folded)), None)


def project_of(kind: Kind, title: str) -> str:
    """The name of the project in a title, without the agency and 关于; nothing where it names none."""
    folded = re.sub(
        "^.{0,30}?(?:人民政府|局|厅|部|委员会|办公室|办事处)?关于(?:同意|批准|印发|公布|做好)?", "", fold(title)
    )
    folded = re.sub("^[\u4e00-\u9fff]{0,20}?(?:人民政府|局|厅|委员会|指挥部)", "", folded)
    hit = kind.project.search(folded)
    return next(filter(None, hit.groups()), "") if hit else ""


def kept(session: Session, actor: Actor) -> tuple[Title, ...]:
    """The documents within reach as titles, newest first."""
    query = within_reach(actor).with_only_columns(Kept.id, Kept.title, Kept.issued).order_by(Kept.created.desc())
    rows = session.execute(query.limit(MOST)).all()
    return tuple(Title(title, issued, f"/documents/{id}") for id, title, issued in rows)
