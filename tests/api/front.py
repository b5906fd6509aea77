"""The application that tests of the front stand before, and who knocks."""

from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.access.actor import Role
from api.guard import guard
from api.routes import health
from api.settings import Settings

OURS = "http://127.0.0.1"


def front(settings, *, rates=None, routers=()):
    """The front with its own routes, and more that a test brings."""
    app = FastAPI(redirect_slashes=False, docs_url=None, redoc_url=None)
    guard(app, settings, rates=rates)
    for router in (health.router, *routers):
        app.include_router(router)
    return app


def local_settings(folder, **changes):
    """Local mode, with rates that no test meets by chance."""
    return Settings(**{"data_folder": folder, "burst": 10**6, "address_burst": 10**6, **changes})


def knock(app, *roles, **options):
    """A client signed in with these roles, or without a token when there are none."""
    client = TestClient(app, **{"base_url": OURS, "raise_server_exceptions": False, **options})
    if roles:
        token = app.state.tokens.mint("A Tester", [Role(role) for role in roles])
        client.headers["Authorization"] = f"Bearer {token}"
    return client
