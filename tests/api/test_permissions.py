"""The table of permissions, walked over every route that there is and every role."""

import re
from datetime import timedelta
from importlib import import_module
from importlib.util import find_spec

import pytest
from fastapi import APIRouter
from fastapi.routing import APIRoute, iter_route_contexts

from api.access.actor import Actor, Role
from api.access.dependencies import Permitted, permitted
from api.access.permissions import OPEN, OPEN_PAGES, PAGES, PERMISSIONS, permission_of
from api.pages.visit import COOKIE, visiting
from api.service.sessions import begin
from api.store.migrate import upgrade
from tests.api.front import front, knock, local_settings

CHECKS_ITSELF = frozenset({"metrics"})
"""Routes that ask for a token only of some; the walk through all roles covers them too."""


def application(folder):
    """The application whose routes are walked: the whole one, where that can be made."""
    settings = local_settings(folder)
    if find_spec("api.app") is None:
        return front(settings)
    return import_module("api.app").create_app(settings)


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    return application(tmp_path_factory.mktemp("service"))


def walk(app):
    """Name, path and methods of each route, and the route itself, however deep it was included."""
    for context in iter_route_contexts(app.routes):
        route = context.original_route
        path = getattr(context, "path_format", None) or route.path
        yield route.name, path, sorted(getattr(context, "methods", None) or route.methods), route


def asks_permission(route):
    def calls(dependant):
        yield dependant.call
        for inner in dependant.dependencies:
            yield from calls(inner)

    return isinstance(route, APIRoute) and {permitted, visiting} & {*calls(route.dependant)}


def unguarded(app):
    """Routes that anyone could use although the table does not call them open."""
    return [
        name
        for name, _, _, route in walk(app)
        if name not in OPEN | OPEN_PAGES | CHECKS_ITSELF and not asks_permission(route)
    ]


def unlisted(app):
    open_to_all = OPEN | OPEN_PAGES
    named = [name for name, *_ in walk(app) if name not in open_to_all]
    return [name for name in named if permission_of(name) is None]


def test_the_walk_sees_the_routes(app):
    assert {"health", "metrics", "me", "sign_in", "page_without_bed"} <= {
        name for name, *_ in walk(app)
    }


def test_every_route_is_in_the_table(app):
    assert unlisted(app) == []


def test_every_route_that_is_not_open_asks_for_permission(app):
    assert unguarded(app) == []


def test_every_line_of_the_table_is_one_route(app):
    names = [name for name, *_ in walk(app)]
    assert len(names) == len(set(names))
    if find_spec("api.app") is not None:
        assert PERMISSIONS.keys() | PAGES.keys() | OPEN_PAGES <= set(names)


def test_a_page_has_the_permission_of_a_route_of_the_api():
    assert {*PAGES.values()} <= PERMISSIONS.keys()
    assert not PAGES.keys() & PERMISSIONS.keys()


def test_the_walk_would_find_a_route_that_was_forgotten(tmp_path):
    outer, inner = APIRouter(prefix="/v1"), APIRouter()

    @inner.get("/forgotten")
    def forgotten():
        return {}

    outer.include_router(inner)
    app = front(local_settings(tmp_path), routers=[outer])
    assert unlisted(app) == ["forgotten"]
    assert unguarded(app) == ["forgotten"]


CELLS = [(None, False)] + [(role, True) for role in Role]


@pytest.mark.parametrize(("role", "signed"), CELLS)
def test_every_cell_of_the_table_holds_for_every_route(app, role, signed):
    seen = []
    client = knock(app, *([role] if signed else []))
    if signed:
        sign_in_at_the_pages(app, client, role)
    for name, path, methods, _ in walk(app):
        address = re.sub(r"\{[^}]*\}", "1", path)
        # Signing out would end the walk.
        for method in methods if name != "sign_out" else ():
            answer = client.request(method, address, follow_redirects=False)
            seen.append((name, method, outcome(answer, method), expected(name, role)))
    assert [each for each in seen if each[2] != each[3]] == []
    assert len(seen) >= 4


def sign_in_at_the_pages(app, client, role):
    register = app.state.register
    upgrade(register.database)
    actor = Actor("local:A Tester", "A Tester", frozenset({role}))
    with register.changing(actor) as change:
        secret = begin(change, actor, change.at + timedelta(hours=1))
    client.cookies.set(COOKIE, secret)


def outcome(answer, method):
    if method == "HEAD":
        code = {401: "not-signed-in", 403: "role-not-allowed"}.get(answer.status_code)
    else:
        told = answer.json() if "json" in answer.headers.get("content-type", "") else None
        code = told.get("code") if isinstance(told, dict) else None
    code = "not-signed-in" if code == "no-session" else code
    return code if code in ("not-signed-in", "role-not-allowed") else "let in"


def expected(name, role):
    if name in OPEN | OPEN_PAGES:
        return "let in"
    if role is None:
        return "not-signed-in"
    allowed = permission_of(name).allows(Actor("x", "X", frozenset({role})))
    return "let in" if allowed else "role-not-allowed"


@pytest.fixture(scope="module")
def table_app(tmp_path_factory):
    """A route for each line of the table, so that every cell is tried over HTTP."""
    router = APIRouter()

    def answer(actor: Permitted):
        return {"id": actor.id}

    for name in [*PERMISSIONS, "in_no_table"]:
        if name not in ("me", "metrics"):
            router.add_api_route(f"/table/{name}", answer, name=name)
    return front(local_settings(tmp_path_factory.mktemp("table")), routers=[router])


@pytest.mark.parametrize("role", Role)
def test_each_line_of_the_table_lets_in_whom_it_names_and_nobody_else(table_app, role):
    client = knock(table_app, role)
    for name, permission in PERMISSIONS.items():
        if name in ("me", "metrics"):
            continue
        status = client.get(f"/table/{name}").status_code
        may = role in permission.roles
        assert status == (200 if may else 403), (name, role)


@pytest.mark.parametrize("role", Role)
def test_a_route_that_is_in_no_table_is_nobodys(table_app, role):
    answer = knock(table_app, role).get("/table/in_no_table")
    assert (answer.status_code, answer.json()["code"]) == (403, "role-not-allowed")


def test_somebody_without_a_role_is_nobody(table_app, app):
    client = knock(table_app)
    token = table_app.state.tokens.mint("X", [])
    headers = {"Authorization": f"Bearer {token}"}
    assert client.get("/v1/me", headers=headers).status_code == 403
    assert client.get("/table/list_beds", headers=headers).status_code == 403


def test_no_system_decides_whatever_roles_it_has(table_app):
    # An issuer may give both kinds of role; local mode does not.
    system = Actor("a-system", "A system", frozenset(Role))
    person = knock(table_app, "coordinator", "manager")
    personal = [name for name, permission in PERMISSIONS.items() if permission.person_only]
    assert {"decide", "create_booking", "release_without_bed", "set_owner"} <= set(personal)
    for name in personal:
        assert not PERMISSIONS[name].allows(system), name
        assert person.get(f"/table/{name}").status_code == 200, name


C, M, P, A, D, S = Role


@pytest.mark.parametrize(
    ("name", "roles", "person_only"),
    [
        ("list_referrals", {C, M, S}, False),
        ("list_beds", set(Role), False),
        ("create_beds", {D, S}, False),
        ("decide", {C, M}, True),
        ("release_without_bed", {M}, True),
        ("import_files", {C, M, D, S}, False),
        ("start_run", {C, M, P, S}, False),
        ("replay_run", {M, A, D}, False),
        ("access_log", {A}, False),
        ("erase_person", {M}, True),
        ("export_person", {M}, False),
        ("verify_register", {A, D}, False),
        ("search_referrals", {C, M}, False),
        ("me", set(Role), False),
    ],
)
def test_lines_that_must_not_change_unnoticed(name, roles, person_only):
    assert PERMISSIONS[name].roles == roles
    assert PERMISSIONS[name].person_only == person_only


def test_the_table_cannot_be_changed_while_the_service_runs():
    with pytest.raises(TypeError):
        PERMISSIONS["decide"] = PERMISSIONS["me"]
    assert {"health", "openapi"} == OPEN
    with pytest.raises(TypeError):
        PAGES["page_decide"] = "me"


@pytest.mark.parametrize(
    ("client", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("10.0.0.7", {}, 401),
        ("127.0.0.1", {"X-Forwarded-For": "10.0.0.7"}, 401),
        ("127.0.0.1", {"Forwarded": "for=10.0.0.7"}, 401),
    ],
)
def test_figures_need_no_token_on_this_machine_alone(tmp_path, client, headers, status):
    app = front(local_settings(tmp_path))
    assert knock(app, client=(client, 5)).get("/metrics", headers=headers).status_code == status
