"""What tests of the service are given: where to have a register, on each database there is."""

from __future__ import annotations

import pytest

from tests.api import postgresql
from tests.api.service import a_planned_service


@pytest.fixture(scope="session")
def server():
    """One PostgreSQL for all tests of this process."""
    with postgresql.cluster() as url:
        yield url


@pytest.fixture(
    params=[
        "sqlite",
        pytest.param(
            "postgresql",
            marks=pytest.mark.skipif(
                not postgresql.is_here(), reason="PostgreSQL is not on this machine"
            ),
        ),
    ]
)
def database_url(request, tmp_path):
    """The URL at which a database can be made, on SQLite and then on PostgreSQL."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'register.db'}"
        return
    with postgresql.address(request.getfixturevalue("server")) as url:
        yield url


@pytest.fixture
def planned(tmp_path):
    """A service whose register has a finished plan, and the id of its run."""
    return a_planned_service(tmp_path)
