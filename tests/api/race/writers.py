"""Writers: people who write without pause to a service that is killed, and ask again by key."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.api.filled import Proposed
from tests.builders import a_referral, a_stay, day

PATIENCE_S = 60


@dataclass
class Request:
    """One change: sent until it is answered, each time with its key."""

    what: str
    subject: str
    path: str
    body: dict[str, Any]
    key: str
    status: int = 0
    answer: dict[str, Any] = field(default_factory=dict)
    repeated: bool = False
    """Whether the answer was a stored one: it was done, and nobody had heard."""


class Gate:
    """Where the service is, while it is there."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._port: int | None = None
        self._waiting = 0
        self._heard = False
        self.over = False

    def open(self, port: int) -> None:
        """The service can be reached here."""
        with self._changed:
            self._port = port
            self._heard = False
            self._changed.notify_all()

    def hear(self) -> None:
        """A writer has an answer."""
        with self._changed:
            self._heard = True
            self._changed.notify_all()

    def wait_for_an_answer(self) -> None:
        """Come back when a writer has had an answer since the service could be reached."""
        with self._changed:
            assert self._changed.wait_for(lambda: self._heard, PATIENCE_S)

    def shut_when(self, writers: int, kill: Any) -> None:
        """Kill the service, and come back when so many writers stand and wait."""
        with self._changed:
            self._port = None
            kill()
            assert self._changed.wait_for(lambda: self._waiting == writers, PATIENCE_S)

    def port(self) -> int:
        """The port, as soon as there is one."""
        with self._changed:
            self._waiting += 1
            self._changed.notify_all()
            assert self._changed.wait_for(lambda: self._port is not None, PATIENCE_S)
            self._waiting -= 1
            assert self._port is not None
            return self._port


class Writer(threading.Thread):
    """Makes bids, books beds for them by hand, cancels some, and decides on proposals."""

    def __init__(self, number: int, gate: Gate, token: str, rounds: int) -> None:
        super().__init__(daemon=True)
        self.number, self._gate, self._token, self._rounds = number, gate, token, rounds
        self.pending: Request | None = None
        self.answered: list[Request] = []
        self.fault = ""
        self._line: http.client.HTTPConnection | None = None

    def run(self) -> None:
        try:
            for request in self._requests():
                self.pending = request
                self._insist(request)
                self.pending = None
                if request.status >= 300:
                    raise AssertionError(f"{request.what}: {request.status} {request.answer}")
                self.answered.append(request)
                self._gate.hear()
                if self._gate.over:
                    return
            raise AssertionError("this writer has no more to write")
        except Exception as fault:
            self.fault = f"writer {self.number}: {type(fault).__name__}: {fault}"

    def ask_again(self, request: Request) -> Request:
        """The same once more, when it has been answered already."""
        again = Request(request.what, request.subject, request.path, request.body, request.key)
        self._insist(again)
        return again

    def _insist(self, request: Request) -> None:
        while True:
            try:
                self._send(request)
            except (OSError, http.client.HTTPException):
                self._line = None
                continue
            # 503: the register could not be reached, and nothing was changed.
            if request.status != 503:
                return

    def _send(self, request: Request) -> None:
        if self._line is None:
            self._line = http.client.HTTPConnection(
                "127.0.0.1", self._gate.port(), timeout=PATIENCE_S
            )
        headers = {
            "Authorization": f"Bearer {self._token}",
            "Content-Type": "application/json",
            "Idempotency-Key": request.key,
        }
        self._line.request("POST", request.path, json.dumps(request.body), headers)
        response = self._line.getresponse()
        raw = response.read()
        request.status = response.status
        request.answer = json.loads(raw)
        request.repeated = response.headers.get("Idempotent-Replayed") == "true"

    def _requests(self) -> Iterator[Request]:
        for number in range(self._rounds):
            bid = f"kill-{self.number}-{number}"
            first, key = 3 * number, f"writer-{self.number}-{number}-"
            yield Request("bid", bid, "/v1/referrals", _bid(bid), key + "bid")
            booking = {
                "referral_id": bid,
                "bed_id": bed_by_hand(self.number),
                "arrival": day(first + 1).isoformat(),
                "departure": day(first + 3).isoformat(),
                "reason": "by hand",
            }
            yield Request("booking", bid, "/v1/bookings", booking, key + "booking")
            made = self.answered[-1].answer["id"]
            if number % 2:
                path = f"/v1/bookings/{made}/cancellation"
                why = {"reason": "called off"}
                yield Request("cancellation", made, path, why, key + "cancellation")
            subject = proposed_to(self.number, number).referral_id
            path = f"/v1/runs/run-1/proposals/{subject}/decision"
            accept = {"action": "accept", "reason": "agreed"}
            yield Request("decision", subject, path, accept, key + "decision")


def bed_by_hand(writer: int) -> str:
    """The bed that a writer books by hand."""
    return f"P1-R{2 * writer + 1}-B1"


def proposed_to(writer: int, number: int) -> Proposed:
    """What a run proposed to a writer: a bid each time, one after the other in a bed."""
    bed = f"P1-R{2 * writer + 2}-B1"
    return Proposed(f"proposed-{writer}-{number}", bed, a_stay(3 * number + 1, 2))


def _bid(name: str) -> dict[str, Any]:
    value = a_referral(name)
    return {
        "id": value.id,
        "crn": value.crn.upper(),
        "gender": value.gender.value,
        "release_date": value.release_date.isoformat(),
        "latest_arrival": value.latest_arrival.isoformat(),
        "nights": value.nights,
        "tier": value.tier.value,
        "rosh": value.rosh.value,
        "mappa_level": value.mappa_level,
        "location": {"latitude": value.location.latitude, "longitude": value.location.longitude},
        "restriction_codes": [],
    }
