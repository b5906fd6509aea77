"""The service's own commands: what they refuse they say in a line, and with exit code 2."""

import os
import socket

import pytest
from typer.testing import CliRunner

from api.__main__ import cli
from api.store.database import Database
from api.store.migrate import current


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    """An empty folder, none of our settings, and files for whoever they were for before."""
    for name in list(os.environ):
        if name.startswith("ALLOCATOR_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    before = os.umask(0o022)
    yield
    os.umask(before)


def run(*arguments, **env):
    done = CliRunner().invoke(cli, arguments, env=env)
    assert not isinstance(done.exception, Exception) or isinstance(done.exception, SystemExit)
    return done


def refused(*arguments, **env):
    """What it says to stderr, when that is all it says."""
    done = run(*arguments, **env)
    assert done.exit_code == 2, done.output
    assert done.stdout == ""
    return done.stderr.strip()


def test_a_port_that_another_program_has_is_said_before_any_link_is_printed():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        told = (
            f"address in use: another program listens on 127.0.0.1:{port}; choose another with "
            "ALLOCATOR_PORT or --port"
        )
        assert refused("serve", ALLOCATOR_PORT=str(port)) == told
        assert refused("serve", "--port", str(port)) == told
    assert not os.path.exists("build"), "nothing was made either"


def test_each_wrong_setting_has_one_line_with_its_name_the_fault_and_the_mend():
    lines = refused("serve", ALLOCATOR_PORT="99999", ALLOCATOR_WORKERS="many").splitlines()
    assert lines == [
        "ALLOCATOR_PORT: must be less than or equal to 65535; leave it out for 8000",
        "ALLOCATOR_WORKERS: must be a valid integer, unable to parse string as an integer; "
        "leave it out for 1",
    ]


@pytest.mark.parametrize(
    "command", [("verify",), ("migrate",), ("token", "A", "--role", "manager")]
)
def test_every_command_says_so(command):
    assert refused(*command, ALLOCATOR_HOST="").startswith("ALLOCATOR_HOST: ")


def test_a_misspelt_setting_of_the_file_names_the_nearest(tmp_path):
    (tmp_path / "allocator.toml").write_text("prot = 8001\n")
    assert refused("serve") == "prot: there is no such setting; did you mean port?"
    (tmp_path / "allocator.toml").write_text("port = \n")
    assert "is not TOML" in refused("serve")


def test_a_list_that_is_no_json_is_said():
    assert refused("serve", ALLOCATOR_HOSTS="beds.internal").startswith("ALLOCATOR_HOSTS: is not")


def test_a_revision_that_there_is_not_names_those_there_are():
    told = refused("migrate", "nonsense")
    assert told.startswith("there is no revision nonsense: there are 0001, ")


def test_a_step_down_asks_unless_told_yes(tmp_path):
    assert run("migrate").exit_code == 0
    assert run("migrate", "base", "--down").exit_code == 1, "nobody said yes"
    database = Database(f"sqlite:///{tmp_path}/build/service/register.db")
    assert current(database) is not None
    assert run("migrate", "base", "--down", "--yes").exit_code == 0
    assert current(database) is None


def test_a_token_needs_a_name_and_no_mixture_of_roles():
    assert refused("token", "", "--role", "manager").startswith("A name of 1 to 100")
    mixed = refused("token", "Both", "--role", "service", "--role", "manager")
    assert "service goes with no other role" in mixed


def test_a_head_that_is_no_head_is_refused():
    assert run("migrate").exit_code == 0
    assert "64 hexadecimal digits" in refused("verify", "--head", "xyz")
    assert run("verify", "--head", "0" * 64).exit_code == 0


def test_a_register_that_is_not_there_is_not_verified():
    assert "python -m api migrate" in refused("verify", ALLOCATOR_DATABASE_URL="sqlite:///new.db")
