"""Which value became what: an encrypted file for those who may reverse a redaction, written only on request.

AES-256-GCM; the key comes from a passphrase by scrypt, or the file is sealed to a public key (HPKE, RFC 9180).
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from gongkai.model.errors import RequestError

FORMAT, VERSION = "gongkai-mapping", 1
SCRYPT = {"n": 2**17, "r": 8, "p": 1}
_LEAST = 12
_SUITE = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
_WRONG = "对照表打不开：口令或者密钥不对，或者文件已损坏，请核对。"

#: Bytes in clear -> the fields of the file that hold them sealed.
Seal = Callable[[bytes], dict[str, object]]


@dataclass(frozen=True, slots=True)
class Pair:
    """A value of a type in a file, what stands there now, and how often."""

    file: str
    type: str
    value: str
    replacement: str
    count: int


def by_passphrase(passphrase: str) -> Seal:
    """Seal with a passphrase. Raises RequestError when it has fewer than twelve characters."""
    if len(passphrase) < _LEAST:
        raise RequestError(f"口令太短：至少 {_LEAST} 个字符，请换一个。")

    salt = os.urandom(16)
    key = AESGCM(_key(passphrase, salt, SCRYPT))  # made once: a run seals its mapping anew with every copy

    def seal(clear: bytes) -> dict[str, object]:
        nonce = os.urandom(12)
        sealed = key.encrypt(nonce, clear, _bound("scrypt"))
        return {"kind": "scrypt", **SCRYPT, "salt": _text(salt), "nonce": _text(nonce), "sealed": _text(sealed)}

    return seal


def to_recipient(public: bytes) -> Seal:
    """Seal to an X25519 public key in PEM. Raises RequestError for any other."""
    try:
        key = load_pem_public_key(public)
    except ValueError as error:
        raise RequestError("接收人的公钥读不出来：应当是 PEM 格式的 X25519 公钥。") from error
    if not isinstance(key, X25519PublicKey):
        raise RequestError("接收人的公钥不是 X25519 公钥，请换一个。")
    return lambda clear: {"kind": "hpke", "sealed": _text(_SUITE.encrypt(clear, key, info=_bound("hpke")))}


def write_mapping(pairs: Sequence[Pair], seal: Seal) -> bytes:
    """The mapping as an encrypted file."""
    return write_rows(map(row, pairs), seal)


def row(pair: Pair) -> str:
    """A pair as the file holds it."""
    return json.dumps(asdict(pair))  # in ASCII: a file name may be no text


def write_rows(rows: Iterable[str], seal: Seal, id: str = "") -> bytes:
    """The same of what `row` made; `id`, which stands in clear, is how a report says where its values are."""
    clear = f"[{', '.join(rows)}]".encode()
    named = {"id": id} if id else {}
    return json.dumps({"format": FORMAT, "version": VERSION, **named, **seal(clear)}, indent=1).encode()


def id_of(data: bytes) -> str:
    """What the mapping in a file is called; empty where it is none, or has no name."""
    try:
        content = json.loads(data)
        return str(content["id"]) if content["format"] == FORMAT else ""
    except (ValueError, LookupError, TypeError, RecursionError):
        return ""


def read_mapping(data: bytes, passphrase: str = "", private: bytes = b"") -> tuple[Pair, ...]:
    """The mapping in an encrypted file, by passphrase or by private key in PEM.

    Raises RequestError when it can't be opened; the message doesn't tell a wrong key from a changed file.
    """
    try:
        content = json.loads(data)
        if content["format"] != FORMAT or content["version"] != VERSION:
            raise ValueError
        clear = _opened(content, passphrase, private)
        return tuple(Pair(**row) for row in json.loads(clear))
    except (ValueError, KeyError, TypeError, OverflowError, InvalidTag, RecursionError) as error:
        raise RequestError(_WRONG) from error


def _opened(content: dict[str, str], passphrase: str, private: bytes) -> bytes:
    sealed = base64.b64decode(content["sealed"])
    if content["kind"] == "hpke":
        key = load_pem_private_key(private, None)
        if not isinstance(key, X25519PrivateKey):
            raise ValueError
        return _SUITE.decrypt(sealed, key, info=_bound("hpke"))
    cost = {name: int(content[name]) for name in SCRYPT}
    if cost != SCRYPT:  # a changed file may not ask for all our memory
        raise ValueError
    key_bytes = _key(passphrase, base64.b64decode(content["salt"]), cost)
    return AESGCM(key_bytes).decrypt(base64.b64decode(content["nonce"]), sealed, _bound("scrypt"))


def _key(passphrase: str, salt: bytes, cost: dict[str, int]) -> bytes:
    return Scrypt(salt=salt, length=32, **cost).derive(passphrase.encode())


def _bound(kind: str) -> bytes:
    """What the seal also vouches for: format, version and how the key was made."""
    return f"{FORMAT}/{VERSION}/{kind}".encode()


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
