"""Sign-in by the agency's identity provider (extra `oidc`): code flow with PKCE, only with the configured issuer.

The only outgoing requests of the whole service; every address asked for lies at the issuer's own origin.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from gongkai.model.errors import RequestError
from gongkai.service.access import entering, units, users
from gongkai.service.access.local import loopback
from gongkai.service.access.sessions import Begun
from gongkai.service.access.users import Person
from gongkai.service.errors import Conflicting, NotSignedIn, ServiceError
from gongkai.service.house import House
from gongkai.service.settings import Settings
from gongkai.service.store.tables import User

if TYPE_CHECKING:
    from authlib.integrations.httpx_client import OAuth2Client

BACK = "/login/oidc/back"
SCOPE = "openid profile"
#: No symmetric algorithm: whoever knows the client's secret could sign. No `none`.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
LEEWAY, SECONDS = 120, 10.0
FAILED = "统一身份认证没有成功，请重新登录；一直这样，请联系系统管理员。"


class IssuerError(ServiceError):
    """The identity provider doesn't answer, or not as OpenID Connect has it."""

    slug, title, status, after = "issuer", "统一身份认证不可用", 503, 10


@dataclass(frozen=True, slots=True)
class Journey:
    """What a browser keeps while it is at the provider: state against forged answers, nonce and verifier (PKCE)."""

    state: str
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)

    @classmethod
    def begun(cls) -> Journey:
        """A new one."""
        return cls(*(secrets.token_urlsafe(32) for _ in range(3)))

    @classmethod
    def of(cls, cookie: str) -> Journey:
        """From the cookie. Raises NotSignedIn."""
        parts = cookie.split(".")
        if len(parts) != 3 or not all(re.fullmatch(r"[A-Za-z0-9_-]{43}", part) for part in parts):
            raise NotSignedIn(FAILED)
        return cls(*parts)

    @property
    def cookie(self) -> str:
        """As a cookie's value."""
        return f"{self.state}.{self.nonce}.{self.verifier}"


def departure(settings: Settings, journey: Journey) -> str:
    """The provider's address to send the browser to. Raises IssuerError, RequestError for missing settings."""
    with _asking(settings) as client:
        endpoint = _metadata(client, settings)["authorization_endpoint"]
        url, _ = client.create_authorization_url(
            endpoint, state=journey.state, nonce=journey.nonce, code_verifier=journey.verifier
        )
    return str(url)


def arrival(house: House, journey: Journey, state: str, code: str, cookie: str = "") -> Begun:
    """A session for whom the provider vouches: the user with that subject, or a new one without any role.

    Raises NotSignedIn, IssuerError, Conflicting before the service was set up.
    """
    if not code or not hmac.compare_digest(journey.state.encode(), state.encode()):
        raise NotSignedIn(FAILED)
    claims = _claims(house, journey, code)
    with house.database.writing() as session:
        user = session.scalar(select(User).where(User.subject == claims["sub"])) or _new(session, house, claims)
        return entering.admit(session, house, user.id, "oidc", cookie)


@contextmanager
def _asking(settings: Settings) -> Iterator[OAuth2Client]:
    """A client that follows no redirect and uses no proxy of the environment; its failures in our words."""
    try:
        import httpx2
        from authlib.integrations.base_client.errors import OAuthError
        from authlib.integrations.httpx_client import OAuth2Client
        from joserfc.errors import JoseError
    except ImportError as error:
        raise RequestError("要用统一身份认证，请先安装：pip install 'gongkai[oidc]'。") from error
    if not (settings.oidc_issuer and settings.oidc_client and settings.public_url):
        raise RequestError("统一身份认证没有设好：要设颁发者、客户端编号和 GONGKAI_PUBLIC_URL，请联系系统管理员。")
    client = OAuth2Client(
        settings.oidc_client,
        settings.oidc_secret or None,
        scope=SCOPE,
        redirect_uri=settings.public_url + BACK,
        token_endpoint_auth_method="client_secret_basic" if settings.oidc_secret else "none",
        code_challenge_method="S256",
        trust_env=False,
        follow_redirects=False,
        timeout=SECONDS,
    )
    try:
        with client:
            yield client
    except (OAuthError, JoseError) as error:
        raise NotSignedIn(FAILED) from error
    except (httpx2.HTTPError, httpx2.InvalidURL, ValueError, KeyError, TypeError) as error:
        raise IssuerError("统一身份认证没有应答或者应答不合规范，请稍后再试，或者联系系统管理员。") from error


def _metadata(client: OAuth2Client, settings: Settings) -> dict[str, Any]:
    """What the issuer tells about itself, every address of it at the issuer's own origin."""
    issuer = settings.oidc_issuer.rstrip("/")
    parts = urlsplit(issuer)
    if parts.scheme != "https" and not loopback(parts.hostname or ""):
        raise RequestError("GONGKAI_OIDC_ISSUER 应当是 https 地址，请改正。")
    told = _json(client, f"{issuer}/.well-known/openid-configuration")
    if str(told["issuer"]).rstrip("/") != issuer:
        raise ValueError("another issuer")
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        if urlsplit(told[name])[:2] != parts[:2]:
            raise ValueError("an address elsewhere")
    return told


def _json(client: OAuth2Client, url: str) -> dict[str, Any]:
    answer = client.request("GET", url, withhold_token=True)
    answer.raise_for_status()
    told: dict[str, Any] = answer.json()
    return told


def _claims(house: House, journey: Journey, code: str) -> dict[str, Any]:
    """What the provider says of the person, its signature, issuer, audience, time and nonce checked."""
    from joserfc import jwt
    from joserfc.jwk import KeySet

    settings = house.settings
    with _asking(settings) as client:
        told = _metadata(client, settings)
        token = client.fetch_token(told["token_endpoint"], code=code, code_verifier=journey.verifier)
        signers = KeySet.import_key_set(_json(client, told["jwks_uri"]))  # type: ignore[arg-type]
        claims = jwt.decode(token["id_token"], signers, algorithms=ALGORITHMS).claims
        rules = jwt.JWTClaimsRegistry(
            now=int(house.clock().timestamp()),
            leeway=LEEWAY,
            iss={"essential": True, "value": told["issuer"]},
            aud={"essential": True, "value": settings.oidc_client},
            exp={"essential": True},
            iat={"essential": True},
            sub={"essential": True},
            nonce={"essential": True, "value": journey.nonce},
        )
        rules.validate(claims)
        if claims.get("azp", settings.oidc_client) != settings.oidc_client or not 0 < len(str(claims["sub"])) <= 300:
            raise NotSignedIn(FAILED)
    return {**claims, "sub": str(claims["sub"])}


def _new(session: Session, house: House, claims: dict[str, Any]) -> User:
    """A user without roles, in the top unit, under a login that nobody has."""
    if not users.any_one(session):
        raise Conflicting("系统还没有设置，请先由系统管理员完成首次设置。")
    login = str(claims.get("preferred_username", "")).lower()
    if not users.LOGIN.fullmatch(login) or entering.known_as(session, login):
        login = "oidc-" + hashlib.sha256(claims["sub"].encode()).hexdigest()[:24]
    name = "".join(filter(str.isprintable, str(claims.get("name") or login)))[:100].strip() or login
    person = Person(login, name, units.listed(session)[0].id, (), subject=claims["sub"])
    return users.add(session, "system", person, "", house.clock())
