"""What tests of the pages are given: a service with a finished plan, and a browser."""

from __future__ import annotations

import pytest

from tests.api.live import live
from tests.api.service import a_planned_service
from tests.pages import chromium


@pytest.fixture(scope="module")
def planned(tmp_path_factory):
    """A service that holds fixtures/tiny, and a run over it that the real solver finished."""
    return a_planned_service(tmp_path_factory.mktemp("planned"))


@pytest.fixture(scope="session")
def started():
    """One browser for all tests of this process."""
    if not chromium.is_here():
        pytest.skip("Chromium is not on this machine: apt-get install chromium")
    with chromium.browser() as found:
        yield found


@pytest.fixture(scope="module")
def at(planned):
    """The address at which that service listens."""
    with live(planned[0].app) as url:
        yield url


@pytest.fixture(scope="module")
def onlookers(started, planned, at):
    """Those who look at that service in the browser, and change nothing."""
    with chromium.Onlookers(started, at, planned[0].register) as found:
        yield found
