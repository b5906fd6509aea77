"""Lives: somebody's whole way through the register, from a bid to a stay that is over."""

import zlib
from itertools import count

from api.access.actor import Role
from api.app import create_app
from api.store.tables import METADATA, RUN_DOCUMENTS
from api.store.verify import verify
from tests.api.front import local_settings
from tests.api.registers import Moving, make_register, tiny
from tests.api.service import Service

CRN = "X000003"
C, M, A, P, D = Role.COORDINATOR, Role.MANAGER, Role.AUDITOR, Role.PLANNER, Role.ADMINISTRATOR
ERASE = {"crn": CRN, "reason": "Asked for in writing; case 12."}


def a_service_at(url, folder, **settings):
    """A service over a database of any kind that holds fixtures/tiny."""
    moving = Moving()
    register = make_register(url, tiny(), moving=moving)
    app = create_app(local_settings(folder, **settings), register)
    return Service(app, folder, moving, count())


def book(client, referral="R3", bed="A-2", arrival="2026-11-09", departure="2027-02-01"):
    """The id of a booking made by hand."""
    body = {"referral_id": referral, "bed_id": bed, "arrival": arrival, "departure": departure}
    answer = client.post("/v1/bookings", {**body, "reason": "by hand"})
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


def keep_apart(client, crn, other):
    """The id of a separation."""
    made = client.post("/v1/separations", {"crn": crn, "other_crn": other, "radius_miles": None})
    assert made.status_code == 201, made.text
    return made.json()["id"]


def stay(service, client, days=5):
    """R3 is booked, arrives and departs; the id of the booking."""
    booking = book(client)
    service.moving.put_forward(days=7)
    url = f"/v1/bookings/{booking}"
    assert client.post(f"{url}/arrival", {"day": "2026-11-09"}).status_code == 200
    service.moving.put_forward(days=days)
    day = service.register.clock.today().isoformat()
    left = client.post(f"{url}/departure", {"day": day, "reason": "Moved on."})
    assert left.status_code == 200, left.text
    return booking


def erase(client, **changes):
    """What is told of the erasure of R3's person, or of somebody else."""
    answer = client.post("/v1/erasures", {**ERASE, **changes})
    assert answer.status_code == 201, answer.text
    return answer.json()


def everything_kept(register):
    """All that the database holds, as text; documents of runs unpacked."""
    told = []
    # As tuples: a row of the database library cuts its own text short.
    with register.reading() as connection:
        for table in METADATA.sorted_tables:
            for row in connection.execute(table.select()):
                content = zlib.decompress(row.content) if table is RUN_DOCUMENTS else b""
                told.append(f"{table.name} {tuple(row)!r} {content.decode()}")
    return told


def sound(register):
    """Whether chain and rows are what they should be; what was found."""
    with register.reading() as connection:
        found = verify(connection)
    assert found.faults == []
    return found


def refused(answer, status, code):
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    return answer.json()
