"""Local mode: the key file, the tokens under it, and codes that sign in once."""

import os
import stat
import threading

import jwt
import pytest

from api.access.actor import Role
from api.access.local import ALGORITHM, AUDIENCE, CODE_LASTS_S, ISSUER, LocalTokens
from api.access.local_key import KEY_FILE, UnsafeKeyError, local_key
from api.service.refusals import NotSignedInError
from tests.api.front import OURS, front, knock, local_settings
from tests.api.issuer import Issuer, jwk, rsa_key, serving


def test_the_key_is_made_once_for_its_owner_alone(tmp_path):
    folder = tmp_path / "data"
    key = local_key(folder)
    assert len(key) == 32
    assert stat.S_IMODE((folder / KEY_FILE).stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert local_key(folder) == key
    assert os.listdir(folder) == [KEY_FILE]
    assert local_key(tmp_path / "other") != key


def test_processes_that_start_together_agree_on_one_key(tmp_path):
    keys = []
    threads = [threading.Thread(target=lambda: keys.append(local_key(tmp_path))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(keys) == 8
    assert len(set(keys)) == 1


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_a_key_that_others_can_read_is_refused(tmp_path, mode):
    local_key(tmp_path)
    (tmp_path / KEY_FILE).chmod(mode)
    with pytest.raises(UnsafeKeyError):
        local_key(tmp_path)


@pytest.mark.parametrize("content", [b"", b"short", b"x" * 33])
def test_a_key_of_another_length_is_refused(tmp_path, content):
    (tmp_path / KEY_FILE).write_bytes(content)
    (tmp_path / KEY_FILE).chmod(0o600)
    with pytest.raises(UnsafeKeyError):
        local_key(tmp_path)


def test_a_link_is_no_key(tmp_path):
    local_key(tmp_path / "real")
    (tmp_path / KEY_FILE).symlink_to(tmp_path / "real" / KEY_FILE)
    with pytest.raises(UnsafeKeyError):
        local_key(tmp_path)


def test_a_minted_token_counts_where_it_was_minted_and_nowhere_else(tmp_path):
    here, elsewhere = LocalTokens(tmp_path / "a"), LocalTokens(tmp_path / "b")
    token = here.mint("Sam O'Neill", [Role.COORDINATOR, Role.MANAGER], minutes=5)
    actor = here.verify(token)
    assert (actor.id, actor.name) == ("local:Sam O'Neill", "Sam O'Neill")
    assert actor.roles == {Role.COORDINATOR, Role.MANAGER}
    with pytest.raises(NotSignedInError):
        elsewhere.verify(token)


def test_a_local_token_is_nothing_to_server_mode(tmp_path):
    with serving(Issuer(jwk(rsa_key()))) as issuer:
        app = front(issuer.settings())
        token = LocalTokens(tmp_path).mint("X", [Role.MANAGER])
        answer = knock(app).get("/v1/me", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 401


def test_an_issuers_token_is_nothing_to_local_mode(tmp_path):
    tokens = LocalTokens(tmp_path)
    claims = Issuer().claims(iss=ISSUER, aud=AUDIENCE, roles=["manager"])
    assert tokens.verify(jwt.encode(claims, local_key(tmp_path), ALGORITHM))
    for key, algorithm in [(rsa_key(), "RS256"), (b"k" * 32, ALGORITHM), ("", "none")]:
        with pytest.raises(NotSignedInError):
            tokens.verify(jwt.encode(claims, key, algorithm))


@pytest.mark.parametrize("minutes", [0, -1, 481])
def test_no_token_outlasts_a_day_of_work(tmp_path, minutes):
    with pytest.raises(ValueError, match="480"):
        LocalTokens(tmp_path).mint("X", [], minutes=minutes)


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "x" * 101])
def test_a_name_must_be_fit_for_a_timeline(tmp_path, name):
    with pytest.raises(ValueError, match="name"):
        LocalTokens(tmp_path).mint(name, [])


def test_a_code_signs_in_once(tmp_path):
    tokens = LocalTokens(tmp_path)
    code, other = tokens.new_code("Sam", [Role.MANAGER]), tokens.new_code("Ali", [])
    assert tokens.verify(tokens.exchange(code)).name == "Sam"
    for spent in (code, code[:-1], ""):
        with pytest.raises(NotSignedInError):
            tokens.exchange(spent)
    assert tokens.verify(tokens.exchange(other)).name == "Ali"


def test_a_code_runs_out(tmp_path):
    now = [0.0]
    tokens = LocalTokens(tmp_path, clock=lambda: now[0])
    early, late = tokens.new_code("Sam", []), tokens.new_code("Sam", [])
    now[0] = CODE_LASTS_S - 1
    assert tokens.exchange(early)
    now[0] = CODE_LASTS_S
    with pytest.raises(NotSignedInError):
        tokens.exchange(late)


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [("Authorization", "Basic TOKEN")],
        [("Authorization", "Bearer")],
        [("Authorization", "Bearer ")],
        [("Authorization", "TOKEN")],
        [("Authorization", "Bearer TOKEN"), ("Authorization", "Bearer TOKEN")],
        [("Cookie", "session=TOKEN")],
        [("X-Authorization", "Bearer TOKEN")],
    ],
)
def test_a_token_counts_only_as_one_bearer_header(tmp_path, headers):
    app = front(local_settings(tmp_path))
    token = app.state.tokens.mint("X", [Role.MANAGER])
    assert knock(app, "manager").get("/v1/me").status_code == 200
    sent = [(name, value.replace("TOKEN", token)) for name, value in headers]
    answer = knock(app).get(f"{OURS}/v1/me", headers=sent)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert token not in answer.text


def test_a_token_is_a_persons_or_a_systems_and_never_both(tmp_path):
    tokens = LocalTokens(tmp_path)
    with pytest.raises(ValueError, match="a person's or a system's"):
        tokens.mint("Both", [Role.SERVICE, Role.MANAGER])
    assert not tokens.verify(tokens.mint("A system", [Role.SERVICE])).is_person
