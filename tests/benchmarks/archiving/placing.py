"""Where the files of an archive lie: folders by year and department, zips, mails, a register, an export, and noise."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import TextIO

from archiving import formats
from archiving.matters import File, Maker, Matter, named

DEPARTMENTS = ("办公室", "综合科", "法规科", "财务科", "人事科", "规划科", "执法队", "政务服务科")
#: How often a matter comes to each place.
PLACES = {"folder": 78.0, "zip": 14.0, "mail": 4.0, "register": 2.5, "export": 1.5}
_NOISE = ("~${}", "Thumbs.db", ".DS_Store", "desktop.ini", "{}.tmp", "{}.lnk")
_A_FOLDER, _A_NOISE = 200, 40
_LEFT_OUT = "left-out"


@dataclass
class _Box:
    """A zip that is being filled."""

    year: int
    most: int
    files: dict[str, tuple[File, Matter]] = field(default_factory=dict)


@dataclass
class Placing:
    """Writes files and tells the manifest of each."""

    out: Path
    seed: int
    manifest: TextIO
    counts: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.random = Random(self.seed)
        self._box: _Box | None = None
        self._rows: list[list[str]] = []
        self._lines: list[str] = []
        self._boxes = 0
        self._numbers = Counter[str]()

    def fill(self, documents: int) -> None:
        """Write about so many documents: the last matter is written whole."""
        for matter in Maker(self.random).matters():
            self._put(matter)
            if self.documents >= documents:
                break
        self._close()
        self._end()

    @property
    def documents(self) -> int:
        """How many files there are without noise; those that wait for their zip count."""
        waiting = len(self._box.files) if self._box else 0
        return sum(self.counts.values()) - self.counts["noise"] + waiting

    def _put(self, matter: Matter) -> None:
        (place,) = self.random.choices(list(PLACES), list(PLACES.values()))
        single = matter.kind in ("single", "near")
        if place == "zip":
            self._zip(matter)
        elif place == "mail" and (single or matter.kind == "bundle"):
            self._mail(matter)
        elif place == "register" and single:
            self._register(matter)
        elif place == "export" and single:
            self._export(matter)
        else:
            self._folder(matter)

    def _folder(self, matter: Matter) -> None:
        folder = self._where(matter)
        if matter.joined and self.random.random() < 0.3:
            folder = f"{folder}/{named(matter.files[0].name.rsplit('.', 1)[0])}"
        paths = [self._unique(f"{folder}/{file.name}") for file in matter.files]
        for path, file in zip(paths, matter.files, strict=True):
            self._write(path, file.data)
            self._tell(path, file, matter.year, paths[0] if matter.joined else "")
        if sum(self.counts.values()) % _A_NOISE < len(paths):
            self._noise(folder, matter)

    def _where(self, matter: Matter) -> str:
        department = self.random.choice(DEPARTMENTS)
        top = "文件/归档" if matter.kind == "copy" else "文件"
        folder = f"{top}/{matter.year}年/{department}"
        self._numbers[folder] += 1
        batch = self._numbers[folder] // _A_FOLDER
        return f"{folder}{batch + 1}" if batch else folder

    def _unique(self, path: str) -> str:
        while (self.out / path).exists():
            stem, dot, suffix = path.rpartition(".")
            path = f"{stem}_{dot}{suffix}"
        return path

    def _noise(self, folder: str, matter: Matter) -> None:
        path = f"{folder}/{self.random.choice(_NOISE).format(matter.files[0].name)}"
        if not (self.out / path).exists():
            self._write(path, b"\x00" * 64)
            self._tell(path, File(path, b"", "noise", (_LEFT_OUT,)), matter.year)

    def _zip(self, matter: Matter) -> None:
        box = self._box = self._box or _Box(matter.year, self.random.randint(5, 40))
        folder = self.random.choice(("收文", "发文", "会议"))
        mains = f"{folder}/{matter.files[0].name}"
        for file in matter.files:
            name = f"{folder}/{file.name}"
            while name in box.files:
                name = f"{name.rpartition('.')[0]}_.{name.rpartition('.')[2]}"
            box.files[name] = file, matter
        assert mains in box.files
        if len(box.files) >= box.most:
            self._close()

    def _close(self) -> None:
        """Write the zip that is being filled: one in five in another zip, one in four with names in GBK."""
        box, self._box = self._box, None
        if box is None:
            return
        self._boxes += 1
        path = f"文件/{box.year}年/移交{self._boxes}.zip"
        parts = {name: file.data for name, (file, _) in box.files.items()}
        write = formats.old_zip if self.random.random() < 0.25 else formats.zipped
        data, inside = write(parts), ""
        if self.random.random() < 0.2:
            data, inside = formats.zipped({"内层/材料.zip": data}), "!内层/材料.zip"
        self._write(path, data)
        for name, (file, matter) in box.files.items():
            main = next(n for n, (f, _) in box.files.items() if f is matter.files[0])
            bundle = f"{path}{inside}!{main}" if matter.joined else ""
            self._tell(f"{path}{inside}!{name}", file, matter.year, bundle)

    def _mail(self, matter: Matter) -> None:
        first = matter.files[0]
        path = self._unique(f"文件/{matter.year}年/邮件/{named(first.name.rsplit('.', 1)[0])}.eml")
        body = f"现将有关材料报送，请查收。共{len(matter.files)}份，编号{self.random.randint(1000, 9999)}。"
        attached = {file.name: file.data for file in matter.files}
        self._write(path, formats.mail(f"报送{first.name[:20]}", body, attached, matter.year))
        main = f"{path}!邮件正文.txt"
        self._tell(main, File("邮件正文.txt", b"", "mail"), matter.year, main)
        for file in matter.files:
            self._tell(f"{path}!{file.name}", file, matter.year, main)

    def _register(self, matter: Matter) -> None:
        file = matter.files[0]
        name = f"D{len(self._rows):06}.{file.name.rpartition('.')[2]}"
        day = f"{matter.year}年{self.random.randint(1, 12)}月{self.random.randint(1, 28)}日"
        self._rows.append([f"登记/{name}", file.name.rsplit(".", 1)[0], day, self.random.choice(DEPARTMENTS), "未定"])
        self._write(f"文件/登记/{name}", file.data)
        self._tell(f"文件/登记/{name}", file, matter.year)

    def _export(self, matter: Matter) -> None:
        file = matter.files[0]
        id = f"OA{matter.year}-{len(self._lines):06}"
        row = {"id": id, "title": file.name.rsplit(".", 1)[0], "text": file.text, "issued": f"{matter.year}-05-06"}
        self._lines.append(json.dumps(row, ensure_ascii=False))
        self._tell(f"导出.jsonl!{id}.txt", file, matter.year)

    def _end(self) -> None:
        """The register with a row that names nothing, the export, and a zip with a password."""
        head = ["路径", "标题", "成文日期", "承办部门", "公开属性"]
        missing = ["登记/没有了.docx", "没有了", "2020年1月1日", "办公室", "未定"]
        names = [[f"文件/{row[0]}", *row[1:]] for row in [*self._rows, missing]]
        self._write("登记.xlsx", formats.rows_xlsx([head, *names]))
        self._tell(f"登记.xlsx!第{len(names) + 1}行", File("", b"", "missing", ("missing",)), 2020)
        if not self._lines:
            self._export(Matter("single", 2020, (File("停电.txt", b"", "single", text="因检修停电一天。"),)))
        self._write("导出.jsonl", "".join(f"{line}\n" for line in self._lines).encode())
        self._write("文件/2017年/加密.zip", formats.locked_zip("内部.docx", b"x" * 100))
        self._tell("文件/2017年/加密.zip!内部.docx", File("", b"", "broken", ("encrypted",)), 2017)

    def _write(self, path: str, data: bytes) -> None:
        target = self.out / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)

    def _tell(self, path: str, file: File, year: int, bundle: str = "") -> None:
        self.counts[file.kind] += 1
        row = {
            "path": path, "kind": file.kind, "expect": list(file.expect), "year": year, "source": file.source,
            "like": file.like, "bundle": bundle, "bytes": len(file.data),
        }  # fmt: skip
        self.manifest.write(json.dumps(row, ensure_ascii=False) + "\n")


def told(out: Path) -> Iterator[dict[str, object]]:
    """The rows of an archive's manifest."""
    with (out / "manifest.jsonl").open(encoding="utf-8") as rows:
        yield from map(json.loads, rows)
