"""Builders of containers in memory: RAR without compression, 7z and tar by libarchive, zips of old programs, .msg."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import pytest

try:
    import libarchive
except Exception:  # the package or its library is missing
    libarchive = None

#: For tests that unpack RAR, 7z or tar.
UNPACKS = pytest.mark.skipif(libarchive is None, reason="libarchive is missing (gongkai[archives] and libarchive13)")
RAR5 = b"Rar!\x1a\x07\x01\x00"
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def _vint(number: int) -> bytes:
    made = b""
    while True:
        made += bytes([(number & 0x7F) | (0x80 if number > 0x7F else 0)])
        number >>= 7
        if not number:
            return made


def _block(header: bytes, data: bytes = b"") -> bytes:
    body = _vint(len(header)) + header
    return struct.pack("<I", zlib.crc32(body)) + body + data


def rar(files: dict[str, bytes], encrypted: bool = False) -> bytes:
    """RAR 5 with stored members; `encrypted`: with a header that says that all others are."""
    made = RAR5
    if encrypted:
        made += _block(_vint(4) + _vint(0) + _vint(0) + _vint(0) + b"\x0f" + bytes(16))
    made += _block(_vint(1) + _vint(0) + _vint(0))
    for name, data in files.items():
        raw = name.encode()
        told = _vint(2) + _vint(2) + _vint(len(data)) + _vint(4) + _vint(len(data)) + _vint(0o100644)
        told += struct.pack("<I", zlib.crc32(data)) + _vint(0) + _vint(1) + _vint(len(raw)) + raw
        made += _block(told, data)
    return made + _block(_vint(5) + _vint(0) + _vint(0))


def packed(path: Path, form: str, files: dict[str, bytes], packing: str | None = None) -> Path:
    """An archive written by libarchive."""
    with libarchive.file_writer(str(path), form, packing) as archive:
        for name, data in files.items():
            archive.add_file_from_memory(name, len(data), data)
    return path


def old_zip(files: dict[bytes, bytes], extra: dict[bytes, bytes] | None = None, flags: int = 0) -> bytes:
    """A zip with names in any bytes, as programs wrote it that know no Unicode."""
    body, directory = b"", b""
    for name, data in files.items():
        more, crc = (extra or {}).get(name, b""), zlib.crc32(data)
        told = struct.pack("<4H3I2H", flags, 0, 0, 0x21, crc, len(data), len(data), len(name), len(more))
        start = len(body)
        body += b"PK\x03\x04" + struct.pack("<H", 20) + told + name + more + data
        directory += b"PK\x01\x02" + struct.pack("<2H", 20, 20) + told + struct.pack("<3H2I", 0, 0, 0, 0, start)
        directory += name + more
    end = struct.pack("<4H2IH", 0, 0, len(files), len(files), len(directory), len(body), 0)
    return body + directory + b"PK\x05\x06" + end


def unicode_path(raw: bytes, name: str) -> bytes:
    """Info-ZIP's extra field with the name in UTF-8."""
    value = b"\x01" + struct.pack("<I", zlib.crc32(raw)) + name.encode()
    return struct.pack("<HH", 0x7075, len(value)) + value


Tree = dict[str, "bytes | Tree"]


def msg(subject: str, body: bytes, files: dict[str, bytes], inner: Tree | None = None) -> bytes:
    """An Outlook mail with its text in the given 8 bits; `inner` is the tree of a mail that is attached as such."""
    return compound(mail(subject, body, files, inner))


def mail(subject: str, body: bytes, files: dict[str, bytes], inner: Tree | None = None) -> Tree:
    """The storages and streams of a mail."""
    tree: Tree = {"__properties_version1.0": bytes(32), "__substg1.0_0037001F": subject.encode("utf-16-le")}
    tree["__substg1.0_1000001E"] = body
    for place, (name, data) in enumerate(files.items()):
        tree[f"__attach_version1.0_#{place:08X}"] = {
            "__substg1.0_3707001F": name.encode("utf-16-le"),
            "__substg1.0_37010102": data,
        }
    if inner is not None:
        tree["__attach_version1.0_#000000FF"] = {"__substg1.0_3701000D": inner}
    return tree


def compound(tree: Tree) -> bytes:
    """An OLE compound file of one FAT sector: streams under 4,096 bytes in the mini stream, siblings as a chain."""
    nodes: list[list[object]] = []
    _collect("Root Entry", tree, nodes)
    fat, small, minifat, body = [_FAT], b"", list[int](), b""

    def kept(data: bytes) -> int:
        nonlocal body
        count = -(-len(data) // 512)
        start = len(fat)
        fat.extend([*range(start + 1, start + count), _END] if count else [])
        body += data.ljust(count * 512, b"\0")
        return start if count else _END

    places: list[tuple[int, int]] = []
    for _, data, _, _ in nodes:
        if not isinstance(data, bytes):
            places.append((0, 0))
        elif len(data) >= 4096:
            places.append((kept(data), len(data)))
        else:
            count, start = -(-len(data) // 64), len(minifat)
            minifat += [*range(start + 1, start + count), _END] if count else []
            small += data.ljust(count * 64, b"\0")
            places.append((start if count else _END, len(data)))
    places[0] = (kept(small), len(small))
    minis = kept(struct.pack(f"<{len(minifat)}I", *minifat).ljust(-(-len(minifat) // 128) * 512, b"\xff"))
    directory = kept(b"".join(_entry(node, place) for node, place in zip(nodes, places, strict=True)))
    assert len(fat) <= 128, "one sector of FAT"
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<5H", 0x3E, 3, 0xFFFE, 9, 6) + bytes(10)
    header += struct.pack("<9I", 1, directory, 0, 4096, minis, -(-len(minifat) // 128), _END, 0, 0) + b"\xff" * 432
    return header + struct.pack("<128I", *fat, *[_FREE] * (128 - len(fat))) + body


def _collect(name: str, data: bytes | Tree, nodes: list[list[object]]) -> int:
    """Name, content, next sibling and first child of each node."""
    place = len(nodes)
    nodes.append([name, data, _FREE, _FREE])
    if isinstance(data, dict):
        before = None
        for key, value in data.items():
            child = _collect(key, value, nodes)
            if before is None:
                nodes[place][3] = child
            else:
                nodes[before][2] = child
            before = child
    return place


def _entry(node: list[object], place: tuple[int, int]) -> bytes:
    name, data, sibling, child = node
    raw = str(name).encode("utf-16-le") + b"\0\0"
    kind = 5 if name == "Root Entry" else 2 if isinstance(data, bytes) else 1
    links = struct.pack("<BB3I", kind, 1, _FREE, sibling, child)
    return raw.ljust(64, b"\0") + struct.pack("<H", len(raw)) + links + bytes(36) + struct.pack("<IQ", *place)
