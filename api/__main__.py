"""The service's own commands: `python -m api --help`."""

from __future__ import annotations

import os
import re
import signal
import socket
from pathlib import Path
from types import FrameType
from typing import Annotated, NoReturn

import typer
import uvicorn

from allocator.errors import UnreadableFile
from allocator.ingest import Sources, today
from allocator.ingest.folder import with_folder
from allocator.policy import load_policy
from api.access.actor import Actor, Role
from api.access.local import LocalTokens, token_command
from api.app import create_app
from api.collecting import collect_seldom
from api.crew import Crew
from api.library_logs import take_over_library_logs
from api.listening import why_not_listen
from api.logs import Event, configure_logs, write
from api.own_settings import WrongSettingsError, own_settings
from api.service.import_files import import_files
from api.service.leases import QueueLimits
from api.service.refusals import InvalidError
from api.service.register import Register
from api.service.runs import request
from api.settings import Settings
from api.store.database import Database
from api.store.migrate import current, downgrade, newest, revisions, upgrade
from api.store.private import OpenToOthersError, keep_private, make_private
from api.store.verify import verify

cli = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__)
UNSOUND, WRONG = 1, 2
HEAD = re.compile("[0-9a-f]{64}")


@cli.command()
def serve(
    example: Annotated[
        Path | None,
        typer.Option(help="A folder of files to fill an empty register with, before it opens."),
    ] = None,
    port: Annotated[int | None, typer.Option(help="Instead of the one in the settings.")] = None,
) -> None:
    """Bring the database up to date, start the workers, and serve; Ctrl-C ends it."""
    if port is not None:
        os.environ["ALLOCATOR_PORT"] = str(port)  # as if it were set: workers read settings too
    settings = _settings()
    if reason := why_not_listen(settings.host, settings.port):
        _refuse(reason)
    _for_us_alone(settings)
    configure_logs(settings.log_format)
    take_over_library_logs()
    register = Register(Database(settings.database_url), load_policy(settings.policy))
    upgrade(register.database)
    if example is not None:
        _fill(register, settings, example)
    app = create_app(settings, register)
    crew = Crew(settings.workers)
    app.state.checks.append(("workers", crew.check))
    if settings.local:
        _say_how_to_sign_in(app.state.tokens, settings)
    collect_seldom()
    write(Event.STARTED, workers=settings.workers)
    # uvicorn raises the signal again when it has shut down: then the workers must be ended too.
    signal.signal(signal.SIGTERM, _end)
    try:
        crew.start()
        uvicorn.run(
            app,
            host=settings.host,
            port=settings.port,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            ssl_certfile=settings.tls_certificate,
            ssl_keyfile=settings.tls_key,
        )
    finally:
        crew.stop()


@cli.command()
def migrate(
    to: Annotated[str, typer.Argument(help="A revision, `head`, or `base` for nothing.")] = "head",
    down: Annotated[bool, typer.Option("--down", help="Go down to it.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask: for scripts.")] = False,
) -> None:
    """Bring the database's schema up, or down. Down takes the tables' rows with it."""
    known = revisions()
    if to not in ("head", "base", *known):
        _refuse(f"there is no revision {to}: there are {', '.join(known)}, head and base")
    settings = _settings()
    if down and not yes:
        typer.confirm(f"Everything that {to} has no place for is lost. Go on?", abort=True)
    _for_us_alone(settings)
    database = Database(settings.database_url)
    (downgrade if down else upgrade)(database, to)
    typer.echo(f"The database is at {current(database) or 'nothing'}; newest is {newest()}.")


@cli.command(name="verify")
def verify_command(
    head: Annotated[str | None, typer.Option(help="A head that was kept from earlier.")] = None,
) -> None:
    """Recompute the chain, make every row again from the events, and compare. Exit 1: unsound."""
    if head is not None and not HEAD.fullmatch(head):
        _refuse("--head: a head is 64 hexadecimal digits, as `verify` prints it")
    settings = _settings()
    _for_us_alone(settings)
    database = Database(settings.database_url)
    if current(database) != newest():
        _refuse("the database is not at the schema of this program: run `python -m api migrate`")
    with database.reading() as connection:
        found = verify(connection, head)
    typer.echo(
        f"{found.events:,} events, {found.accesses:,} accesses, {found.rows:,} rows looked at; "
        f"{found.erased:,} payloads erased."
    )
    typer.echo(f"Head: {found.head}")
    typer.echo(f"Head of the access log: {found.access_head}")
    for fault in found.faults:
        typer.echo(fault, err=True)
    typer.echo("Sound." if found.sound else "Not sound.")
    raise typer.Exit(0 if found.sound else UNSOUND)


@cli.command()
def token(
    name: Annotated[str, typer.Argument(help="Who will use it; it stands in the timeline.")],
    role: Annotated[list[Role], typer.Option(help="May be given more than once.")],
    minutes: Annotated[int, typer.Option(min=1, max=480)] = 60,
) -> None:
    """Local mode: print a bearer token, for a script or another person at this machine."""
    settings = _settings()
    if not settings.local:
        _refuse("tokens come from the OIDC issuer in these settings")
    _for_us_alone(settings)
    try:
        minted = LocalTokens(settings.data_folder).mint(name, role, minutes)
    except ValueError as fault:
        _refuse(str(fault))
    typer.echo(minted)


def _settings() -> Settings:
    """The settings, or an end with a line for each that is wrong."""
    try:
        return own_settings()
    except WrongSettingsError as fault:
        _refuse(str(fault))


def _for_us_alone(settings: Settings) -> None:
    """What is written from here on is for this user alone, and what was is so again."""
    make_private()
    settings.data_folder.mkdir(parents=True, exist_ok=True)
    try:
        keep_private(settings.database_url)
    except OpenToOthersError as fault:
        _refuse(str(fault))


def _refuse(reason: str) -> NoReturn:
    typer.echo(reason, err=True)
    raise typer.Exit(WRONG)


def _end(number: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


def _say_how_to_sign_in(tokens: LocalTokens, settings: Settings) -> None:
    roles = [Role.COORDINATOR, Role.MANAGER, Role.PLANNER, Role.AUDITOR, Role.ADMINISTRATOR]
    code = tokens.new_code(os.environ.get("USER") or socket.gethostname(), roles)
    shown = f"[{settings.host}]" if ":" in settings.host else settings.host
    typer.echo(
        f"Sign in once, within ten minutes: http://{shown}:{settings.port}/sign-in?code={code}"
    )
    typer.echo(f"Later, by a token: {token_command(settings.data_folder)}")


def _fill(register: Register, settings: Settings, folder: Path) -> None:
    """Import a folder's files into a register that is empty; does nothing to one that is not."""
    with register.changing(_SETTING_UP) as change:
        if change.register_seq:
            return
    try:
        sources = with_folder(folder, Sources(as_of=today()))
        answer = import_files(register, _SETTING_UP, None, sources, {}, settings.memory_gib)
    except (InvalidError, UnreadableFile) as fault:
        typer.echo(f"{folder}: {fault}", err=True)
        raise typer.Exit(WRONG) from fault
    typer.echo(f"Example data, all of it synthetic: {answer.body['recorded']}")
    with register.changing(_SETTING_UP) as change:
        limit_s = settings.default_time_limit_s
        request(change, effort="quick", time_limit_s=limit_s, limits=QueueLimits())
    typer.echo("A first plan is asked for; the pages show it as it goes.")


_SETTING_UP = Actor("setting-up", "Setting up", frozenset({Role.SERVICE}))

if __name__ == "__main__":
    cli()
