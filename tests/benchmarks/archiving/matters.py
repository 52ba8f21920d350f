"""Matters: the files that come into an archive together, and what is to be expected of each."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import count
from random import Random

from archiving import formats
from archiving.texts import YEARS, Paper, crossed, cut, edited, marked, moved, papers

RECORD = "record"
#: How often each kind of matter comes, out of all matters, and what share of all files it makes then, about.
KINDS = {
    "single": 60.0,  # 45 %
    "series": 1.2,  # 14 %: one template, 8 to 24 files
    "bundle": 7.0,  # 18 %: 正文, one to three 附件, often a 发文稿纸
    "pair": 4.0,  # 6 %: 请示 and 批复
    "forward": 1.5,  # 2 %: a document and the one that forwards it
    "copy": 8.0,  # 6 %: the same bytes in another folder
    "near": 6.0,  # 5 %: one line and one figure differ, often another format
    "broken": 4.0,  # 3 %: damaged, empty, locked, scanned, wrongly named
    "marked": 0.4,  # 0.3 %: with a secrecy mark
}
FORMATS = {
    ".docx": 40, ".doc": 14, ".pdf": 16, ".txt": 5, ".gbk.txt": 5, ".html": 6, ".xlsx": 4, ".ofd": 6, ".wps": 4,
}  # fmt: skip
_OFFICIAL = (".docx", ".doc", ".pdf")
_MOST_KEPT = 300
_LONGEST_NAME = 40
_FORBIDDEN = re.compile(r'[\\/:*?"<>|!\s]+')


@dataclass(frozen=True, slots=True)
class File:
    """A file with its name; `expect` are outcomes that are right: `record`, or slugs of errors.

    `source` is the authored document behind it, `like` the name of the file that it copies or resembles, `text` what
    was written into it.
    """

    name: str
    data: bytes
    kind: str
    expect: tuple[str, ...] = (RECORD,)
    source: str = ""
    like: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Matter:
    """Files that belong together: the first is the main document of a bundle, where `joined`."""

    kind: str
    year: int
    files: tuple[File, ...]
    joined: bool = False


@dataclass
class Maker:
    """Makes one matter after the other."""

    random: Random
    _turn: int = 0
    _serial: int = 0
    _singles: deque[tuple[Paper, File]] = field(default_factory=lambda: deque(maxlen=_MOST_KEPT))
    _order: list[Paper] = field(default_factory=list)

    def matters(self) -> Iterator[Matter]:
        """Without end; of every kind at least one."""
        self._order = self.random.sample(papers(), len(papers()))
        makers: dict[str, Callable[[int], Matter]] = {kind: getattr(self, f"_{kind}") for kind in KINDS}
        for place in count():
            (kind,) = self.random.choices(list(KINDS), list(KINDS.values()))
            kind = [*KINDS][place] if place < len(KINDS) else kind
            if kind in ("copy", "near") and not self._singles:
                continue
            yield makers[kind](self.random.choice(YEARS))

    def paper(self, year: int) -> Paper:
        """The next text, unlike all before."""
        paper = self._order[self._turn % len(self._order)]
        paper = crossed(paper, self.random) if self._turn >= len(self._order) else paper
        self._turn += 1
        return moved(paper, self.random, year)

    def file(self, title: str, text: str, kind: str, form: str = "", source: str = "") -> File:
        """A readable file in some format."""
        form = form or self.random.choices(list(FORMATS), list(FORMATS.values()))[0]
        return File(
            f"{named(title)}.{form.rpartition('.')[2]}", formats.WRITERS[form](text), kind, source=source, text=text
        )

    def serial(self) -> str:
        """A number before a file's name; the same within a matter."""
        self._serial = self._serial % 899 + 1
        return f"{100 + self._serial}."

    def _single(self, year: int) -> Matter:
        paper = self.paper(year)
        file = self.file(self.serial() + paper.title, paper.text, "single", source=paper.id)
        self._singles.append((paper, file))
        return Matter("single", year, (file,))

    def _series(self, year: int) -> Matter:
        paper, most, form = self.paper(year), self.random.randint(8, 24), self.random.choice(_OFFICIAL)
        place = self.random.choice(("澧禾", "枫淀", "沅麓"))
        files = []
        for number in range(most):
            month = f"（{year + number // 12}年{number % 12 + 1}月）"
            member = moved(paper, self.random, year + number // 12, place)
            files.append(self.file(self.serial() + member.title + month, member.text, "series", form, paper.id))
        return Matter("series", year, tuple(files))

    def _bundle(self, year: int) -> Matter:
        paper, serial = self.paper(year), self.serial()
        form = self.random.choice(_OFFICIAL)
        main = self.file(serial + paper.title, paper.text, "bundle", form, paper.id)
        attached = []
        for number in range(1, self.random.randint(2, 4)):
            other = self.paper(year)
            text = cut(other, 4, self.random.randint(12, 60))
            attached.append(self.file(f"{serial}附件{number}：{other.title}", text, "attachment", source=other.id))
        sheet = f"发文稿纸\n标题：{paper.title}\n拟稿部门：办公室\n公开属性：主动公开\n核稿：已核\n签发：已签\n"
        if self.random.random() < 0.5:
            attached.append(self.file(f"{serial}{paper.title[:24]}（发文稿纸）", sheet, "form", ".docx"))
        return Matter("bundle", year, (main, *attached), joined=True)

    def _pair(self, year: int) -> Matter:
        paper, serial = self.paper(year), self.serial()
        about = re.sub(r".*关于|的?(?:通知|意见|请示|批复|函|公告|通报|报告|决定)$", "", paper.title)[:20] or "专项工作"
        form = self.random.choice(_OFFICIAL)
        request = f"关于{about}专项安排的请示\n\n县人民政府：\n{cut(paper, 3, 20)}\n妥否，请批示。\n"
        reply = f"关于{about}专项安排的批复\n\n你局请示收悉。经研究，原则同意，请认真组织实施。\n{cut(paper, 24, 8)}\n"
        return Matter(
            "pair",
            year,
            (
                self.file(f"{serial}关于{about}专项安排的批复", reply, "pair", form, paper.id),
                self.file(f"{self.serial()}关于{about}专项安排的请示", request, "pair", form, paper.id),
            ),
            joined=True,
        )

    def _forward(self, year: int) -> Matter:
        paper = self.paper(year)
        number = f"沅政发〔{year}〕{self.random.randint(1, 99)}号"
        source = f"沅麓市人民政府文件\n{number}\n\n{paper.title}\n\n{paper.text}"
        forward = (
            f"沅麓市司法局关于转发《{paper.title}》的通知\n\n各科室：\n现将《{paper.title}》（{number}）转发给你们，"
            f"请遵照执行。\n\n附件：{paper.title}\n\n沅麓市司法局\n{year}年6月1日\n"
        )
        files = (
            self.file(self.serial() + paper.title, source, "forward", ".docx", paper.id),
            self.file(f"{self.serial()}关于转发{paper.title}的通知", forward, "forward", "", paper.id),
        )
        return Matter("forward", year, files)

    def _copy(self, year: int) -> Matter:
        _, file = self.random.choice(self._singles)
        return Matter("copy", year, (replace(file, kind="copy", like=file.name),))

    def _near(self, year: int) -> Matter:
        paper, file = self.random.choice(self._singles)
        near = edited(paper, self.random)
        made = self.file(f"{self.serial()}{paper.title}（定稿）", near.text, "near", source=paper.id)
        return Matter("near", year, (replace(made, like=file.name),))

    def _marked(self, year: int) -> Matter:
        paper = marked(self.paper(year), self.random)
        form = self.random.choice((".docx", ".txt", ".doc"))
        return Matter("marked", year, (self.file(self.serial() + paper.title, paper.text, "marked", form, paper.id),))

    def _broken(self, year: int) -> Matter:
        paper = self.paper(year)
        suffix, data, expect = self.random.choice(BROKEN)(paper.text, self.random)
        file = File(f"{named(self.serial() + paper.title)}{suffix}", data, "broken", expect, paper.id)
        return Matter("broken", year, (file,))


def named(title: str) -> str:
    """A title as it can stand in a file name."""
    return _FORBIDDEN.sub(" ", title).strip()[:_LONGEST_NAME].rstrip(" .") or "无标题"


Broken = tuple[str, bytes, tuple[str, ...]]


def _halved(form: str) -> Callable[[str, Random], Broken]:
    def made(text: str, random: Random) -> Broken:
        data = formats.WRITERS[form](text)
        return form, data[: len(data) * random.randint(20, 60) // 100], ("corrupt", "mismatched-format", "empty")

    return made


def _as(suffix: str, write: Callable[[str], bytes], *expect: str) -> Callable[[str, Random], Broken]:
    return lambda text, _: (suffix, write(text), expect)


#: Ways of being no document, each as likely as the others.
BROKEN: tuple[Callable[[str, Random], Broken], ...] = (
    _halved(".docx"),
    _halved(".pdf"),
    _as(".doc", lambda text: Random(len(text)).randbytes(6_000), "corrupt", "mismatched-format"),
    _as(".docx", lambda _: b"", "empty"),
    _as(".txt", lambda _: b"\r\n \r\n", "empty"),
    _as(".pdf", formats.locked_pdf, "encrypted"),
    _as(".docx", formats.locked_docx, "encrypted"),
    _as(".pdf", formats.scanned_pdf, "no-text-layer"),
    _as(".png", formats.picture, "unsupported-format", "no-text-layer"),
    _as(".doc", formats.docx, "mismatched-format"),
    _as(".pdf", formats.html, "mismatched-format"),
    _as(".rtf", lambda text: b"{\\rtf1 " + str(len(text)).encode() + b"}", "unsupported-format"),
)
