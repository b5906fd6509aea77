"""A whole service for tests: the application over a register with a clock of its own."""

from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count

from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.access.actor import Actor, Role
from api.app import create_app
from api.pages.visit import COOKIE
from api.service.sessions import begin, token_of
from tests.api.front import knock, local_settings
from tests.api.registers import Moving, finished_run, make_register, rows, tiny


@dataclass
class Service:
    """The application, its register, the folder it is in, and its clock."""

    app: FastAPI
    folder: object
    moving: Moving
    keys: object = field(default_factory=count)

    @property
    def register(self):
        return self.app.state.register

    def client(self, *roles, name="A Tester"):
        """Someone signed in with these roles, who chooses a new key for each request."""
        client = knock(self.app)
        token = self.app.state.tokens.mint(name, roles)
        client.headers["Authorization"] = f"Bearer {token}"
        return Asking(client, self.keys)

    def run(self):
        """A run over the register, finished by the real solver."""
        return finished_run(self.register, self.folder, effort="quick")


class Asking:
    """A client whose changes carry a key, unless the test gives one."""

    def __init__(self, client: TestClient, keys):
        self.client, self.keys = client, keys

    def get(self, url, **options):
        return self.client.get(url, **options)

    def post(self, url, body=None, *, key=None, **options):
        headers = options.pop("headers", {})
        headers["Idempotency-Key"] = key or f"a-key-of-its-own-{next(self.keys)}"
        return self.client.post(url, json=body, headers=headers, **options)

    def put(self, url, body, version):
        return self.client.put(url, json=body, headers={"If-Match": f'"{version}"'})

    def delete(self, url, version):
        return self.client.delete(url, headers={"If-Match": f'"{version}"'})


def a_service(folder, problem=None, *, planned=False):
    """A service that holds a problem: fixtures/tiny unless another is given."""
    moving = Moving()
    held = tiny() if problem is None else problem
    register = make_register(folder, held, moving=moving, planned=planned)
    return Service(create_app(local_settings(folder), register), folder, moving)


def a_planned_service(folder, problem=None):
    """A service that holds a problem and the run of `Service.run` over it, and that run's id.

    The solver runs once a process; what it left is copied.
    """
    service = a_service(folder, problem, planned=True)
    (run,) = rows(service.register, "run")
    return service, run["id"]


def signed_in_at_the_pages(service, client, *roles, name="A Tester", minutes=60):
    """The client as the browser of somebody with these roles; what their forms must hold."""
    actor = Actor(f"local:{name}", name, frozenset(Role(role) for role in roles))
    with service.register.changing(actor) as change:
        secret = begin(change, actor, change.at + timedelta(minutes=minutes))
    client.cookies.set(COOKIE, secret)
    client.headers["Accept"] = "text/html"
    return token_of(secret)
