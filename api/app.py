"""The application: wiring and nothing else."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Depends, FastAPI
from sqlalchemy import func, select

from allocator.policy import load_policy
from api.document import describe
from api.guard import guard
from api.pages import serving as pages
from api.routes import (
    bookings,
    conflicts,
    decision_report,
    decisions,
    erasures,
    escalations,
    estate,
    forecasts,
    health,
    histories,
    holds,
    imports,
    kept_apart,
    out_of_service,
    oversight,
    people,
    referrals,
    runs,
    studies,
)
from api.service.register import Register
from api.service.studies import STUDY_LEASES
from api.service.waiting import check_workers
from api.settings import Settings
from api.store.database import Database
from api.store.marks import is_synthetic
from api.store.migrate import current, newest
from api.store.tables import REFERRALS, RUNS, STUDIES
from api.wire.address import check_address

ROUTERS = (
    imports.router,
    estate.router,
    out_of_service.router,
    kept_apart.router,
    histories.router,
    referrals.router,
    bookings.router,
    runs.router,
    studies.router,
    decisions.router,
    forecasts.router,
    holds.router,
    escalations.router,
    conflicts.router,
    oversight.router,
    decision_report.router,
    erasures.router,
    people.router,
)


def _joined() -> APIRouter:
    joined = APIRouter(redirect_slashes=False, generate_unique_id_function=lambda route: route.name)
    joined.include_router(health.router)
    for router in ROUTERS:
        joined.include_router(router, dependencies=[Depends(check_address)])
    for router in (pages.router, *pages.ROUTERS):
        joined.include_router(router, include_in_schema=False)
    return joined


ROUTES = _joined().routes
"""Every route: put together once, because the framework takes long to, whoever they are for."""
TITLE = "Approved-premises allocator"
SUMMARY = (
    "A register of people who need a bed, joint plans for them, and a named person's decisions."
)


def create_app(settings: Settings | None = None, register: Register | None = None) -> FastAPI:
    """The service over a register: the settings' own unless one is given."""
    settings = settings or Settings.model_validate({})
    register = register or Register(Database(settings.database_url), load_policy(settings.policy))
    app = FastAPI(
        title=TITLE,
        summary=SUMMARY,
        version="1",
        redirect_slashes=False,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json" if settings.expose_docs else None,
        separate_input_output_schemas=False,
        routes=ROUTES,
    )
    guard(app, settings)
    app.state.register = register
    app.state.checks += [
        ("database", register.database.check),
        ("schema", lambda: _at_newest(register.database)),
        ("runs", lambda: check_workers(register)),
        ("studies", lambda: check_workers(register, STUDY_LEASES)),
    ]
    app.state.is_synthetic = lambda: _is_synthetic(register)
    app.state.metrics.gauge(
        "allocator_bids", "Bids by status.", lambda: _count(register, REFERRALS), label="status"
    )
    app.state.metrics.gauge(
        "allocator_runs", "Runs by status.", lambda: _count(register, RUNS), label="status"
    )
    app.state.metrics.gauge(
        "allocator_studies", "Studies by status.", lambda: _count(register, STUDIES), label="status"
    )
    pages.furnish(app, settings)
    describe(app)
    return app


def _at_newest(database: Database) -> None:
    if current(database) != newest():
        raise RuntimeError("the database is not at the schema that this program needs")


def _is_synthetic(register: Register) -> bool:
    with register.reading() as connection:
        return is_synthetic(connection)


def _count(register: Register, table: Any) -> dict[str, float]:
    with register.reading() as connection:
        wanted = select(table.c.status, func.count()).group_by(table.c.status)
        return {status: float(count) for status, count in connection.execute(wanted)}
