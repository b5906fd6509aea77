"""What tests of the pages are given: a service with a finished plan, and a browser."""

from __future__ import annotations

import pytest

from tests.api.live import live
from tests.api.service import a_planned_service, a_service
from tests.pages import chromium
from tests.pages.browsing import Browser
from tests.pages.moving import moved
from tests.pages.test_booking_page import booked, sent


@pytest.fixture(scope="module")
def planned(tmp_path_factory):
    """A service that holds fixtures/tiny, and a run over it that the real solver finished."""
    return a_planned_service(tmp_path_factory.mktemp("planned"))


@pytest.fixture
def service(tmp_path):
    """A service that holds fixtures/tiny."""
    return a_service(tmp_path)


@pytest.fixture
def moving(service):
    """R4 has been in B-1 since 16 November, and is to move to B-2 on the 20th; it is the 17th.

    Both bookings, the first half first.
    """
    first = booked(service, "R4", "B-1", "2026-11-16")
    service.moving.put_forward(days=15)
    came = sent(service, first, arrival_day="2026-11-16", confirmed="1")
    answer = Browser(service, "coordinator").post(f"/bookings/{first}/arrival", came)
    assert answer.status_code == 303
    return first, moved(service, first, "B-2", "2026-11-20")


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
