"""The encrypted mapping opens for those it was sealed for, and for nobody else."""

from __future__ import annotations

import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from gongkai.model.errors import RequestError
from gongkai.service.mapping import Pair, by_passphrase, read_mapping, to_recipient, write_mapping

PHRASE = "青禾县对照表-只给复核人看"
PAIRS = (
    Pair("名单.docx", "NAME", "赵一鸣", "赵某某", 3),
    Pair("名单.docx", "PHONE_MOBILE", "13812345678", "138****5678", 1),
)


def keys(kind=X25519PrivateKey) -> tuple[bytes, bytes]:
    private = kind.generate()
    public = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), public


@pytest.fixture(scope="module")
def sealed() -> bytes:
    return write_mapping(PAIRS, by_passphrase(PHRASE))


def test_the_passphrase_opens_it(sealed):
    assert read_mapping(sealed, PHRASE) == PAIRS


def test_the_recipient_opens_it():
    private, public = keys()
    assert read_mapping(write_mapping(PAIRS, to_recipient(public)), private=private) == PAIRS


def test_nothing_is_in_clear_and_no_two_files_are_alike(sealed):
    assert not [text for pair in PAIRS for text in (pair.value, pair.file, pair.replacement) if text.encode() in sealed]
    assert json.loads(sealed)["sealed"] != json.loads(write_mapping(PAIRS, by_passphrase(PHRASE)))["sealed"]


@pytest.mark.parametrize(
    "change",
    [
        {"sealed": "AAAA"},
        {"sealed": "不是编码"},
        {"salt": "AAAAAAAAAAAAAAAAAAAAAA=="},
        {"nonce": ""},
        {"kind": "hpke"},
        {"n": 2**30},
        {"n": -2},
        {"n": "x"},
        {"r": 64},
        {"version": 2},
        {"format": "other"},
    ],
    ids=str,
)
def test_a_changed_file(sealed, change):
    with pytest.raises(RequestError, match="打不开"):
        read_mapping(json.dumps({**json.loads(sealed), **change}).encode(), PHRASE)


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b"null", b"\xff", b"[" * 100_000])
def test_what_is_no_mapping(data):
    with pytest.raises(RequestError, match="打不开"):
        read_mapping(data, PHRASE)


@pytest.mark.parametrize("phrase", ["", "wrong", PHRASE + "1"])
def test_a_wrong_passphrase(sealed, phrase):
    with pytest.raises(RequestError, match="打不开") as error:
        read_mapping(sealed, phrase)
    assert phrase == "" or phrase not in str(error.value)


def test_a_wrong_key():
    sealed = write_mapping(PAIRS, to_recipient(keys()[1]))
    for private in (keys()[0], keys(Ed25519PrivateKey)[0], b"", b"-----BEGIN"):
        with pytest.raises(RequestError, match="打不开"):
            read_mapping(sealed, private=private)


@pytest.mark.parametrize("public", [b"", b"x", keys()[0], keys(Ed25519PrivateKey)[1]])
def test_what_is_no_public_key(public):
    with pytest.raises(RequestError, match="公钥"):
        to_recipient(public)


def test_a_short_passphrase_is_refused():
    with pytest.raises(RequestError, match="太短"):
        by_passphrase("12345678901")
