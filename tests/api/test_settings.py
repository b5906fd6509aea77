"""Settings: sensible alone, read from where they are said to be, and never unsafe."""

import itertools
import os

import pytest
from pydantic import ValidationError

from api.access.actor import Role
from api.safe_start import is_loopback
from api.settings import Settings

OIDC = {
    "oidc_issuer": "https://sign-in.service.test",
    "oidc_audience": "allocator",
    "oidc_jwks_url": "https://sign-in.service.test/keys",
}


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch, tmp_path):
    for name in list(os.environ):
        if name.startswith("ALLOCATOR_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def refused(**values):
    with pytest.raises(ValidationError) as told:
        Settings(**values)
    return str(told.value)


def test_with_nothing_set_it_serves_this_machine_only():
    settings = Settings()
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert settings.local
    assert settings.loopback
    assert not settings.tls
    assert settings.expose_docs
    assert settings.database_url == "sqlite:///build/service/register.db"


def test_nobody_is_due_to_be_erased_unless_a_period_is_set():
    assert (Settings().retention_days, Settings().answers_days) == (None, 7)
    assert Settings(retention_days=2190).retention_days == 2190
    assert "retention_days" in refused(retention_days=0)
    assert "answers_days" in refused(answers_days=0)


def test_the_database_lies_in_the_data_folder_unless_said_otherwise(tmp_path):
    assert Settings(data_folder=tmp_path).database_url == f"sqlite:///{tmp_path}/register.db"
    elsewhere = "postgresql+psycopg://db/register"
    assert Settings(data_folder=tmp_path, database_url=elsewhere).database_url == elsewhere


def test_the_environment_comes_before_the_file(monkeypatch, tmp_path):
    (tmp_path / "allocator.toml").write_text("port = 9001\nbody_bytes = 77\n")
    assert Settings().port == 9001
    monkeypatch.setenv("ALLOCATOR_PORT", "9002")
    assert (Settings().port, Settings().body_bytes) == (9002, 77)
    assert Settings(port=9003).port == 9003


def test_the_named_file_is_read_and_must_be_there(monkeypatch, tmp_path):
    (tmp_path / "allocator.toml").write_text("port = 9001\n")
    monkeypatch.setenv("ALLOCATOR_SETTINGS", str(tmp_path / "other.toml"))
    with pytest.raises(FileNotFoundError):
        Settings()
    (tmp_path / "other.toml").write_text("port = 9005\n")
    assert Settings().port == 9005


def test_a_field_that_there_is_not_is_refused(tmp_path):
    (tmp_path / "allocator.toml").write_text('oidc_isuer = "https://sign-in.service.test"\n')
    assert "oidc_isuer" in refused()


@pytest.mark.parametrize("name", [*OIDC, "database_url", "host", "roles_claim"])
def test_an_empty_value_is_not_taken_for_none(name, monkeypatch):
    for given, value in OIDC.items():
        monkeypatch.setenv(f"ALLOCATOR_{given.upper()}", value)
    Settings()
    monkeypatch.setenv(f"ALLOCATOR_{name.upper()}", " ")
    assert name in refused()


def test_both_ways_of_naming_a_role_count():
    names = Settings().role_names
    assert {names["manager"], names["ROLE_MANAGER"]} == {Role.MANAGER}
    assert set(names.values()) == set(Role)


def test_role_names_may_come_from_the_environment(monkeypatch):
    monkeypatch.setenv("ALLOCATOR_ROLE_NAMES", '{"CRU": "coordinator"}')
    assert Settings().role_names == {"CRU": Role.COORDINATOR}


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "::1", "[::1]", "localhost"])
def test_these_hosts_are_this_machine(host):
    assert is_loopback(host)


OTHER_HOSTS = ["0.0.0.0", "::", "", "10.0.0.1", "192.168.1.2", "localhost.evil.test", "127.0.0.1.x"]


@pytest.mark.parametrize("host", OTHER_HOSTS)
def test_these_hosts_are_not(host):
    assert not is_loopback(host)


BINDS = ["127.0.0.1", "::1", "0.0.0.0", "::", "10.1.2.3"]
MATRIX = list(itertools.product(BINDS, [False, True], ["none", "own", "proxy"]))


@pytest.mark.parametrize(("host", "oidc", "tls"), MATRIX)
def test_every_unsafe_start_is_refused(host, oidc, tls, tmp_path):
    values = {"host": host, **(OIDC if oidc else {})}
    if tls == "own":
        for name in ("tls_certificate", "tls_key"):
            (tmp_path / name).touch()
            values[name] = tmp_path / name
    values["behind_tls_proxy"] = tls == "proxy"
    others_reach_it = host not in ("127.0.0.1", "::1") or tls == "proxy"
    if not others_reach_it or (oidc and tls != "none"):
        settings = Settings(**values)
        assert settings.tls == (tls != "none")
        assert settings.expose_docs == (host in ("127.0.0.1", "::1"))
    else:
        message = refused(**values)
        assert ("has no sign-in" in message) == (not oidc)
        assert ("without TLS" in message) == (tls == "none")


@pytest.mark.parametrize(
    "url",
    [
        "http://sign-in.service.test/keys",
        "http://127.0.0.1.service.test/keys",
        "file:///etc/passwd",
        "ftp://sign-in.service.test/keys",
        "https:///keys",
        "https://name:word@sign-in.service.test/keys",
        "https://[bad/keys",
        "sign-in.service.test/keys",
    ],
)
def test_keys_come_over_https_only(url):
    assert "oidc_jwks_url must be an https address" in refused(**OIDC | {"oidc_jwks_url": url})


def test_keys_may_come_from_this_machine_without_tls():
    assert Settings(**OIDC | {"oidc_jwks_url": "http://127.0.0.1:9/keys"})


@pytest.mark.parametrize("missing", OIDC)
def test_half_a_sign_in_is_refused(missing):
    half = {name: value for name, value in OIDC.items() if name != missing}
    assert "together" in refused(**half)


@pytest.mark.parametrize("word", ["", "password", "ChangeMe", "secret", "%70assword", "postgres"])
def test_a_password_from_a_manual_is_refused_and_not_repeated(word):
    message = refused(database_url=f"postgresql://allocator:{word}@db/register")
    assert "from a manual" in message
    assert "@db" not in message


def test_a_real_password_is_kept_out_of_what_is_printed():
    settings = Settings(database_url="postgresql://allocator:vG7kq2hnW0@db/register")
    assert "vG7kq2hnW0" not in repr(settings)
    assert "vG7kq2hnW0" not in refused(
        database_url="postgresql://allocator:vG7kq2hnW0@db/register", port=-1
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"oidc_issuer": "https://issuer.example.com"},
        {"oidc_issuer": "https://example.org/"},
        {"oidc_jwks_url": "https://keys.example"},
        {"oidc_audience": "changeme"},
    ],
)
def test_an_examples_sign_in_is_refused(changes):
    assert refused(**OIDC | changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"oidc_algorithm": "HS256"},
        {"oidc_algorithm": "none"},
        {"leeway_s": 61},
        {"lease_s": 14, "beat_s": 5},
        {"workers": -1},
        {"body_bytes": 0},
        {"requests_per_second": 0},
        {"tls_certificate": "/not/there", "tls_key": "/not/there"},
        {"tls_certificate": __file__},
    ],
)
def test_a_value_out_of_range_is_refused(changes):
    assert refused(**changes)


def test_settings_do_not_change():
    with pytest.raises(ValidationError):
        Settings().host = "0.0.0.0"
