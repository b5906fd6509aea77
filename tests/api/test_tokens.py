"""Tokens: the honest one counts, and every forgery, each one change away from it, does not."""

import hashlib
import hmac
import json
import time

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from fastapi.testclient import TestClient

from api.access.actor import Role
from api.access.oidc import OidcTokens
from api.access.tokens import LONGEST_TOKEN
from api.service.refusals import BusyError, NotSignedInError
from tests.api.front import front
from tests.api.issuer import KID, Issuer, b64, ec_key, jwk, rsa_key, serving


@pytest.fixture(scope="module")
def issuer():
    with serving(Issuer(jwk(rsa_key()))) as running:
        yield running


@pytest.fixture(scope="module")
def forger():
    """A server that publishes the forger's keys under the honest key's id."""
    with serving(Issuer(jwk(rsa_key(2)))) as running:
        yield running


@pytest.fixture(scope="module")
def tokens(issuer):
    return OidcTokens(issuer.settings())


def public_pem():
    return (
        rsa_key()
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )


def by_hmac(issuer, secret, **header):
    """Signed with a secret by hand: the library refuses to be so used."""
    signed = f"{b64({'alg': 'HS256', 'typ': 'JWT', 'kid': KID, **header})}.{b64(issuer.claims())}"
    return f"{signed}.{b64(hmac.digest(secret, signed.encode(), hashlib.sha256))}"


def unsigned(issuer, alg, signature=""):
    return f"{b64({'alg': alg, 'kid': KID})}.{b64(issuer.claims())}.{signature}"


def with_part(token, number, value):
    parts = token.split(".")
    parts[number] = value
    return ".".join(parts)


def signed_raw(claims_text):
    """Properly signed, whatever is inside."""
    return jwt.api_jws.encode(claims_text.encode(), rsa_key(), "RS256", headers={"kid": KID})


def altered_payload(issuer):
    more = issuer.claims(authorities=["ROLE_MANAGER"])
    return with_part(issuer.token(), 1, b64(more))


NOW = time.time
FORGERIES = {
    # no signature, or one of another kind
    "alg none": lambda i, f: unsigned(i, "none"),
    "alg None in capitals": lambda i, f: unsigned(i, "NONE"),
    "alg none with the honest signature": lambda i, f: unsigned(i, "none", i.token().split(".")[2]),
    "alg empty": lambda i, f: unsigned(i, ""),
    "alg null": lambda i, f: unsigned(i, None),
    "alg a list": lambda i, f: unsigned(i, ["RS256"]),
    "no alg": lambda i, f: with_part(i.token(), 0, b64({"kid": KID})),
    "signature taken away": lambda i, f: with_part(i.token(), 2, ""),
    "hmac with the public key as secret": lambda i, f: by_hmac(i, public_pem()),
    "hmac with the public key without its last line end": lambda i, f: by_hmac(
        i, public_pem().strip()
    ),
    "hmac with the published key as secret": lambda i, f: by_hmac(
        i, json.dumps(i.keys[0]).encode()
    ),
    "hmac with an empty secret": lambda i, f: by_hmac(i, b""),
    "hmac called RS256": lambda i, f: by_hmac(i, public_pem(), alg="RS256"),
    "RS512 with the honest key": lambda i, f: i.token(algorithm="RS512"),
    "PS256 with the honest key": lambda i, f: i.token(algorithm="PS256"),
    "ES256 under the honest key id": lambda i, f: i.token(ec_key(), "ES256"),
    # another key, or a key that the token brings
    "another key": lambda i, f: i.token(rsa_key(2)),
    "another key with its jku": lambda i, f: i.token(rsa_key(2), headers={"jku": f"{f.url}/keys"}),
    "another key with its jwk": lambda i, f: i.token(rsa_key(2), headers={"jwk": f.keys[0]}),
    "another key with its x5u": lambda i, f: i.token(
        rsa_key(2), headers={"x5u": f"{f.url}/certificate"}
    ),
    "another key with a certificate": lambda i, f: i.token(
        rsa_key(2), headers={"x5c": [b64(b"certificate")]}
    ),
    "the honest key and a jku": lambda i, f: i.token(headers={"jku": f"{f.url}/keys"}),
    "no key id": lambda i, f: i.token(headers={"kid": ...}),
    "empty key id": lambda i, f: i.token(headers={"kid": ""}),
    "unknown key id": lambda i, f: i.token(headers={"kid": "key-2"}),
    "key id in other letters": lambda i, f: i.token(headers={"kid": KID.upper()}),
    "key id with a path": lambda i, f: i.token(headers={"kid": "../../dev/null"}),
    "key id with SQL": lambda i, f: i.token(headers={"kid": f"{KID}' OR '1'='1"}),
    "key id an address": lambda i, f: i.token(rsa_key(2), headers={"kid": f"{f.url}/keys"}),
    "key id a number": lambda i, f: with_part(i.token(), 0, b64({"alg": "RS256", "kid": 1})),
    # rules that the token brings
    "an extension it calls critical": lambda i, f: i.token(headers={"crit": ["exp"]}),
    "typ of another kind of token": lambda i, f: i.token(headers={"typ": "logout+jwt"}),
    "typ a list": lambda i, f: i.token(headers={"typ": ["JWT"]}),
    # time
    "expired": lambda i, f: i.token(iat=int(NOW()) - 400, exp=int(NOW()) - 100),
    "expired just beyond the leeway": lambda i, f: i.token(
        iat=int(NOW()) - 300, exp=int(NOW()) - 31
    ),
    "not yet valid": lambda i, f: i.token(nbf=int(NOW()) + 120),
    "issued in the future": lambda i, f: i.token(iat=int(NOW()) + 120),
    "lasts too long": lambda i, f: i.token(exp=int(NOW()) + 901 + 30),
    "lasts for ever": lambda i, f: i.token(exp=10**12),
    "issued long ago and lasting": lambda i, f: i.token(iat=1, exp=int(NOW()) + 300),
    "ends before it was issued": lambda i, f: i.token(iat=int(NOW()) + 10, exp=int(NOW()) + 5),
    "exp a text": lambda i, f: i.token(exp=str(int(NOW()) + 300)),
    "exp true": lambda i, f: i.token(exp=True),
    "exp a list": lambda i, f: i.token(exp=[int(NOW()) + 300]),
    "exp infinite": lambda i, f: signed_raw(json.dumps(i.claims() | {"exp": float("inf")})),
    "exp not a number": lambda i, f: signed_raw(json.dumps(i.claims() | {"exp": float("nan")})),
    "iat infinite": lambda i, f: signed_raw(json.dumps(i.claims() | {"iat": float("-inf")})),
    "iat not a number": lambda i, f: signed_raw(json.dumps(i.claims() | {"iat": float("nan")})),
    "iat true": lambda i, f: i.token(iat=True),
    "nbf infinite": lambda i, f: signed_raw(json.dumps(i.claims() | {"nbf": float("inf")})),
    "nbf not a number": lambda i, f: signed_raw(json.dumps(i.claims() | {"nbf": float("nan")})),
    "iat a text": lambda i, f: i.token(iat=str(int(NOW()))),
    "nbf a text": lambda i, f: i.token(nbf=str(int(NOW()) + 120)),
    # for whom, from whom, about whom
    "another audience": lambda i, f: i.token(aud="another-service"),
    "audience that begins like ours": lambda i, f: i.token(aud="allocator-test"),
    "audience in other letters": lambda i, f: i.token(aud="Allocator"),
    "no audience in a list": lambda i, f: i.token(aud=[]),
    "audience a number": lambda i, f: i.token(aud=1),
    "another issuer": lambda i, f: i.token(iss="https://elsewhere"),
    "issuer with a slash more": lambda i, f: i.token(iss=i.url + "/"),
    "issuer that begins like ours": lambda i, f: i.token(iss=i.url + ".elsewhere"),
    "issuer a list": lambda i, f: signed_raw(json.dumps(i.claims() | {"iss": [i.url]})),
    "local mode's issuer": lambda i, f: i.token(iss="urn:allocator:local"),
    "no exp": lambda i, f: i.token(exp=None),
    "no iat": lambda i, f: i.token(iat=None),
    "no iss": lambda i, f: i.token(iss=None),
    "no aud": lambda i, f: i.token(aud=None),
    "no sub": lambda i, f: i.token(sub=None),
    "sub empty": lambda i, f: i.token(sub=""),
    "sub blank": lambda i, f: i.token(sub="  "),
    "sub a number": lambda i, f: signed_raw(json.dumps(i.claims() | {"sub": 17})),
    "sub with a line end": lambda i, f: i.token(sub="user-17\nadmin"),
    "sub very long": lambda i, f: i.token(sub="u" * 201),
    "a system without the role for systems": lambda i, f: i.token(
        grant_type="client_credentials", authorities=["ROLE_MANAGER"]
    ),
    # shape
    "payload altered": lambda i, f: altered_payload(i),
    "header altered": lambda i, f: with_part(
        i.token(), 0, b64({"alg": "RS256", "kid": KID, "x": 1})
    ),
    "signature of another token": lambda i, f: with_part(
        i.token(), 2, i.token(sub="user-18").split(".")[2]
    ),
    "cut short": lambda i, f: i.token()[:-10],
    "two parts": lambda i, f: i.token().rpartition(".")[0],
    "four parts": lambda i, f: i.token() + ".x",
    "five parts": lambda i, f: i.token() + ".x.y",
    "payload an array": lambda i, f: signed_raw("[1]"),
    "payload not JSON": lambda i, f: signed_raw("{"),
    "payload nested very deep": lambda i, f: signed_raw("[" * 3000 + "]" * 3000),
    "header not JSON": lambda i, f: with_part(i.token(), 0, b64(b"{")),
    "header an array": lambda i, f: with_part(i.token(), 0, b64([1])),
    "not base64": lambda i, f: with_part(i.token(), 1, "!!!!"),
    "empty": lambda i, f: "",
    "dots": lambda i, f: "..",
    "not ASCII": lambda i, f: i.token() + "é",
    "huge but well signed": lambda i, f: i.token(more="x" * LONGEST_TOKEN),
    "huge": lambda i, f: "e" * 100_000 + ".e.e",
}


def test_there_are_forty_forgeries_and_more():
    assert len(FORGERIES) >= 40


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forgery_is_refused(name, issuer, forger, tokens):
    before = forger.asked
    forged = FORGERIES[name](issuer, forger)
    with pytest.raises(NotSignedInError):
        tokens.verify(forged)
    assert forger.asked == before


def test_every_forgery_gets_the_same_answer_over_http(issuer, forger):
    app = front(issuer.settings(burst=1000, address_burst=1000))
    answers = set()
    with TestClient(app, base_url="http://127.0.0.1") as client:
        assert client.get("/v1/me", headers=bearer(issuer.token())).status_code == 200
        for forge in FORGERIES.values():
            token = forge(issuer, forger)
            if token and token.isascii():
                answer = client.get("/v1/me", headers=bearer(token))
                body = answer.json()
                body.pop("instance")
                answers.add((answer.status_code, answer.headers["www-authenticate"], str(body)))
    assert len(answers) == 1
    assert next(iter(answers))[:2] == (401, "Bearer")


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


def test_the_honest_token_counts(issuer, tokens):
    actor = tokens.verify(issuer.token())
    assert (actor.id, actor.name, actor.roles) == (
        "user-17",
        "A. Coordinator",
        frozenset({Role.COORDINATOR}),
    )
    assert actor.is_person


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": ["other", "allocator"]},
        {"iat": -300, "exp": 600},
        {"headers": {"typ": "at+jwt"}},
        {"headers": {"typ": ...}},
    ],
)
def test_other_honest_tokens_count(changes, issuer, tokens):
    now = int(NOW())  # not when the cases were made: a long suite comes to them much later
    moments = {name: now + changes[name] for name in ("iat", "exp") if name in changes}
    assert tokens.verify(issuer.token(**{**changes, **moments})).id == "user-17"


def test_a_clock_that_is_a_little_off_is_forgiven(issuer, tokens):
    now = int(time.time())
    assert tokens.verify(issuer.token(iat=now - 300, exp=now - 10))
    assert tokens.verify(issuer.token(iat=now + 10))


def test_roles_come_from_the_configured_claim_and_names(issuer):
    tokens = OidcTokens(
        issuer.settings(roles_claim="groups", role_names={"CRU-managers": "manager"})
    )
    token = issuer.token(groups="x CRU-managers coordinator", authorities=["ROLE_AUDITOR"])
    assert tokens.verify(token).roles == {Role.MANAGER}


@pytest.mark.parametrize(
    "told", [None, 7, {"ROLE_MANAGER": 1}, [["ROLE_MANAGER"], 1, "role_manager"]]
)
def test_roles_of_no_known_form_count_for_nothing(told, issuer, tokens):
    assert tokens.verify(issuer.token(authorities=told)).roles == frozenset()


@pytest.mark.parametrize(
    "claims",
    [
        {"grant_type": "client_credentials"},
        {"gty": "client-credentials"},
        {"idtyp": "app"},
        {"preferred_username": "service-account-importer"},
        {"client_id": "user-17"},
        {"azp": "user-17"},
    ],
)
def test_a_system_never_has_a_persons_role(claims, issuer, tokens):
    roles = ["ROLE_MANAGER", "ROLE_SERVICE"]
    actor = tokens.verify(issuer.token(authorities=roles, **claims))
    assert actor.roles == {Role.SERVICE}
    assert not actor.is_person


def test_an_issuer_with_elliptic_keys_is_served_too():
    with serving(Issuer(jwk(ec_key()))) as issuer:
        tokens = OidcTokens(issuer.settings(oidc_algorithm="ES256"))
        assert tokens.verify(issuer.token(ec_key(), "ES256")).id == "user-17"
        with pytest.raises(NotSignedInError):
            tokens.verify(issuer.token())


@pytest.mark.filterwarnings("ignore:The RSA key is 1024 bits")
@pytest.mark.parametrize(
    "published",
    [
        {"kty": "oct", "k": b64(b"s" * 32), "kid": KID},
        jwk(rsa_key(3, 1024)),
        jwk(rsa_key(3, 1024)) | {"use": "enc"},
    ],
)
def test_a_published_key_that_is_no_fit_key_is_refused(published):
    with serving(Issuer(published)) as issuer:
        tokens = OidcTokens(issuer.settings())
        with pytest.raises(NotSignedInError):
            tokens.verify(issuer.token(rsa_key(3, 1024)))
        with pytest.raises(NotSignedInError):
            tokens.verify(by_hmac(issuer, b"s" * 32))
        with pytest.raises(NotSignedInError):
            tokens.verify(by_hmac(issuer, b"s" * 32, alg="RS256"))


def test_keys_are_fetched_once_and_forgeries_fetch_none():
    with serving(Issuer(jwk(rsa_key()))) as issuer:
        tokens = OidcTokens(issuer.settings())
        with pytest.raises(NotSignedInError):
            tokens.verify(unsigned(issuer, "none"))
        assert issuer.asked == 0
        for _ in range(5):
            tokens.verify(issuer.token())
        for number in range(20):
            with pytest.raises(NotSignedInError):
                tokens.verify(issuer.token(headers={"kid": f"unknown-{number}"}))
            with pytest.raises(NotSignedInError):
                tokens.verify(unsigned(issuer, "none"))
        assert issuer.asked == 1


@pytest.mark.parametrize("answer", [(500, b""), (200, b"not JSON"), (200, b"[]"), (200, b"{}")])
def test_an_issuer_that_is_down_is_not_asked_by_everyone(answer):
    now = [1000.0]
    with serving(Issuer(jwk(rsa_key()))) as issuer:
        tokens = OidcTokens(issuer.settings(), clock=lambda: now[0])
        issuer.answer = answer
        for _ in range(5):
            with pytest.raises(BusyError):
                tokens.verify(issuer.token())
        assert issuer.asked == 1
        issuer.answer = None
        now[0] += 10
        assert tokens.verify(issuer.token())


def test_an_issuer_that_points_elsewhere_is_not_followed(forger):
    with serving(Issuer(jwk(rsa_key()))) as issuer:
        before = forger.asked
        issuer.answer = (302, f"{forger.url}/keys".encode())
        with pytest.raises(BusyError):
            OidcTokens(issuer.settings()).verify(issuer.token(rsa_key(2)))
        assert forger.asked == before
