"""Everything that can go wrong for a user, one tree.

GongkaiError                     message: one Chinese sentence, what is wrong and what to do; slug: stable name
├── DocumentError                one document can't be used; the others go on
│   ├── MissingDocument          no such file
│   ├── EmptyDocument            no text at all
│   ├── UnsupportedFormat        no reader for it
│   ├── MismatchedFormat         the content is not what the extension says
│   ├── EncryptedDocument        needs a password
│   ├── CorruptDocument          damaged
│   ├── OversizedDocument        over the limit of bytes, pages, cells or characters
│   ├── ArchiveBomb              unpacks to far more than it should
│   ├── ScannedDocument          pages without a text layer
│   ├── UnsupportedPart          a part of the file can't be made safe, so the file is not redacted
│   ├── SlowDocument             takes longer than it may
│   ├── HeavyDocument            takes more memory than it may
│   ├── CrashingDocument         ends the process that reads it
│   └── ClassifiedDocument       carries a secrecy mark: nothing may be done with it here
├── RulebookError                a table is wrong: file and row
│   └── UnknownYear              no holiday notice for a year, so working days can't be told
├── ModelFolderError             the weights are missing, damaged or of another version
├── RequestError                 a request or an input line that can't be understood
└── OutputError                  a result can't be written
    └── ProofFailed              a redacted copy still holds what it should not; nothing is kept of it

Messages never hold document text or values found in it.
"""

from __future__ import annotations


class GongkaiError(Exception):
    """A user's problem, told in one Chinese sentence."""

    slug = "error"
    title = "处理失败"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class DocumentError(GongkaiError):
    """One document can't be used."""

    slug = "document"
    title = "文件无法使用"


class MissingDocument(DocumentError):
    """The path names no readable file."""

    slug = "missing"
    title = "文件不存在或无法读取"


class EmptyDocument(DocumentError):
    """There is no text in it."""

    slug = "empty"
    title = "文件没有内容"


class UnsupportedFormat(DocumentError):
    """No reader is registered for this kind of file."""

    slug = "unsupported-format"
    title = "不支持的格式"


class MismatchedFormat(DocumentError):
    """The content is of another kind than the extension says."""

    slug = "mismatched-format"
    title = "扩展名与内容不符"


class EncryptedDocument(DocumentError):
    """A password or a certificate protects it."""

    slug = "encrypted"
    title = "文件已加密"


class CorruptDocument(DocumentError):
    """The file is damaged or cut off."""

    slug = "corrupt"
    title = "文件已损坏"


class OversizedDocument(DocumentError):
    """A configured limit is exceeded."""

    slug = "too-large"
    title = "文件超过上限"


class ArchiveBomb(DocumentError):
    """A container unpacks to far more than its size allows."""

    slug = "archive-bomb"
    title = "压缩内容异常"


class ScannedDocument(DocumentError):
    """Pages are pictures; there is no text layer."""

    slug = "no-text-layer"
    title = "扫描件没有文字"


class UnsupportedPart(DocumentError):
    """A part of the file can't be made safe: it is named, and nothing is written."""

    slug = "unsupported_part"
    title = "有不能遮蔽的部分"


class ClassifiedDocument(DocumentError):
    """It carries a secrecy mark; this system may not process it (保密法实施条例 2024 article 41)."""

    slug = "classified"
    title = "疑似涉密，停止处理"


class SlowDocument(DocumentError):
    """Reading or judging it takes longer than one document may."""

    slug = "time-limit"
    title = "处理超时"


class HeavyDocument(DocumentError):
    """Reading or judging it takes more memory than one document may."""

    slug = "memory-limit"
    title = "占用内存过多"


class CrashingDocument(DocumentError):
    """The process that reads it ends, again and again."""

    slug = "crash"
    title = "读取时程序崩溃"


class RulebookError(GongkaiError):
    """A table of the rulebook is wrong."""

    slug = "rulebook"
    title = "规则表有误"


class UnknownYear(RulebookError):
    """calendar.toml has no notice that settles this year: its working days are not guessed."""

    slug = "unknown-year"
    title = "没有这一年的放假安排"


class ModelFolderError(GongkaiError):
    """The model folder can't be used."""

    slug = "model-folder"
    title = "模型文件有误"


class RequestError(GongkaiError):
    """A request or an input line can't be understood."""

    slug = "request"
    title = "请求有误"


class OutputError(GongkaiError):
    """A result can't be written."""

    slug = "output"
    title = "结果无法写出"


class ProofFailed(OutputError):
    """A redacted copy still holds what it should not; places, types and counts are told, never a value."""

    slug = "proof"
    title = "核验没有通过"
