"""Visit: what every page asks for: who is there, whether they may, and what they sent.

`visit: Visiting` in a page refuses whoever is not signed in, may not, or sent a form that is not
ours.
"""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy.exc import SQLAlchemyError
from starlette.datastructures import FormData, UploadFile

from allocator.control_characters import TURNS_TEXT_ROUND
from api.access.actor import Actor
from api.access.dependencies import check_permission, may
from api.pages.kept_words import bid_kept_for, since_kept
from api.pages.navigation import sections_for
from api.pages.plan_names import PlanNames
from api.pages.plans_there import PlansThere
from api.pages.rendering import Renderer
from api.pages.taken_out import TAKEN_OUT
from api.pages.told import in_words
from api.rate import Rates
from api.routes.asking import reading, sent
from api.routes.run_models import Run
from api.routes.study_models import Study
from api.service.asked_by import asked_by
from api.service.change import Change
from api.service.kept_forms import Kept, keep_form, kept_outlines, take_form
from api.service.refusals import ConflictError, InvalidError, NotAllowedError, NotSignedInError
from api.service.register import Answer, Register
from api.service.sessions import News, Session, leave_news, session_of
from api.settings import Settings
from api.wire.bounds import FORBIDDEN

COOKIE = "allocator-session"
TOKEN, KEY, WAS_KEPT, SEEN_SINCE = "form_token", "form_key", "was_kept", "seen_since"
NOT_KEPT = (TOKEN, KEY, WAS_KEPT, SEEN_SINCE, "packed", TAKEN_OUT)
"""What made the form ours; and a whole file, in which nobody who is erased could be found."""
WITH_A_FILE = ("/files", "/capacity/forecast")
"""Where forms have a file, which is never kept."""
MOST_FIELDS = 2_000
_TURNING = re.compile(f"[{TURNS_TEXT_ROUND}]")


@dataclass(frozen=True)
class Visit:
    """Somebody at a page. `form`: what they sent; empty where they only look."""

    request: Request
    register: Register
    session: Session
    form: FormData

    @property
    def actor(self) -> Actor:
        """Who it is."""
        return self.session.actor

    @property
    def route(self) -> str:
        """The page's name, as it stands in the access log."""
        return str(self.request.scope["route"].name)

    @property
    def settings(self) -> Settings:
        """Those of this start."""
        settings: Settings = self.request.app.state.settings
        return settings

    def may(self, page: str) -> bool:
        """Whether they may use another page: what they may not is not shown."""
        return may(page, self.actor)

    def said(self, name: str, longest: int = 4_000) -> str:
        """One field of the form, without blanks at the ends; empty where there is none."""
        return clean(self.form.get(name), longest)

    def all_said(self, name: str) -> list[str]:
        """A field that may come more than once."""
        return [clean(value, 400) for value in self.form.getlist(name)]

    def asked(self, name: str, longest: int = 200) -> str:
        """One parameter of the address, or empty."""
        return clean(self.request.query_params.get(name), longest)

    def log(self, subjects: Iterable[str], verb: str = "consultation") -> None:
        """Write who sees which records. Before anything is answered: no entry, no page."""
        with self.register.changing(self.actor) as change:
            change.tell_of_access(verb, self.route, sorted(subjects))

    def once(self, body: Any, command: Callable[[Change], Answer]) -> Answer:
        """Do it once, however often the form is sent: each form that is shown has its own key."""
        asked = {"body": sent(body), "path": dict(self.request.path_params)}
        return self.register.perform(self.actor, self.route, self.key, asked, command)

    @property
    def key(self) -> str:
        """The key of the form that was sent."""
        key = self.said(KEY, 128)
        if len(key) < 8:
            raise InvalidError("The form has lost its key: load the page again.")
        return f"page:{key}"

    def _asked_by(self, kind: str, records: Sequence[Run | Study]) -> dict[str, str]:
        """By id, what the person is called who asked for it; their id, where nothing else is known.

        Of a whole list at once: a template asks before its rows.
        """
        with self.register.reading() as connection:
            known = asked_by(connection, kind, [each.id for each in records])
        return {each.id: known.get(each.id, each.requested_by) for each in records}

    def _kept(self) -> tuple[Kept, ...]:
        with self.register.reading() as connection:
            return kept_outlines(connection, self.actor, self.register.clock.now())

    def sends_kept(self) -> tuple[Kept, ...]:
        """The kept forms that are sent here, which need not be kept any longer.

        Those whose file was not kept are filled in anew where they came from, and go together.
        """
        if self.request.method != "POST":
            return ()
        path, sent = self.request.url.path, self.form.get(WAS_KEPT)
        return tuple(
            each
            for each in self._kept()
            if each.id == sent or (path in WITH_A_FILE and each.path == path)
        )

    def go(self, path: str, told: str, number: int = 0) -> RedirectResponse:
        """After something was done: on to a page, which says so once, in the words of `told`.

        It was done already: where the news cannot be left, the page is gone to without.
        """
        news = News(path.split("?")[0], told, number)
        with suppress(SQLAlchemyError), self.register.changing(self.actor) as change:
            leave_news(change, cookie_of(self.request), news)
        return go(path)

    def _news(self, status: int) -> str | None:
        """What this page is to say of what was done; said once, and never from the address."""
        news = self.session.news
        if news is None or status >= 400 or self.request.url.path != news.path:
            return None
        if self.request.method != "GET":
            return None
        with self.register.changing(self.actor) as change:
            leave_news(change, cookie_of(self.request), None)
        return in_words(news)

    def page(self, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        """The answer: a template and what it is told."""
        state = self.request.app.state
        self.request.state.refused = status >= 400
        goes = self.sends_kept() if status < 400 else ()
        names = PlanNames(self.register)
        text = _renderer(self.request).render(
            template,
            actor=self.actor,
            sections=sections_for(self.actor),
            here=self.request.url.path,
            query=self.request.query_params,
            synthetic=state.is_synthetic(),
            form_token=self.session.token,
            form_key=secrets.token_urlsafe(16),
            kept=[each for each in self._kept() if each not in goes],
            told=self._news(status),
            may=self.may,
            asked_by=self._asked_by,
            plan_called=names.one,
            plans_called=names.of,
            plans_there=PlansThere(self.register),
            today=self.register.clock.today(),
            now=self.register.clock.now(),
            **values,
        )
        return HTMLResponse(text, status)


def go(path: str) -> RedirectResponse:
    """After a form: on to a page, so that loading it again sends nothing again."""
    return RedirectResponse(path, 303)


def clean(value: Any, longest: int) -> str:
    """Text from outside. Raises InvalidError for what no field or address of ours holds."""
    if value is None or isinstance(value, UploadFile):
        return ""
    # What turns text round comes along, unseen, with a name that is copied from a page.
    text = _TURNING.sub("", str(value)).replace("\r\n", "\n").strip()
    if len(text) > longest:
        raise InvalidError(f"Write at most {longest:,} characters.")
    if FORBIDDEN.search(text):
        raise InvalidError("Control characters cannot be kept.")
    return text


def cookie_name(settings: Settings) -> str:
    """With TLS a name that no other site, and no address without TLS, can set."""
    return f"__Host-{COOKIE}" if settings.tls else COOKIE


def cookie_of(request: Request) -> str:
    """What the browser's cookie holds, or empty."""
    held = request.cookies.get(cookie_name(request.app.state.settings), "")
    return held if len(held) <= 200 else ""


def _renderer(request: Request) -> Renderer:
    renderer: Renderer = request.app.state.renderer
    return renderer


# Not a coroutine: the database must not hold up everyone.
def _session(request: Request) -> tuple[Session, bool]:
    """Whose session it is, and whether it has ended. Before anything that was sent is read."""
    register: Register = request.app.state.register
    secret = cookie_of(request)
    if not secret:
        raise NotSignedInError("Sign in first.", code="no-session")
    with register.reading() as connection:
        session, ended = session_of(connection, secret, register.clock.now())
    if ended and request.method != "POST":
        raise _signed_out()
    request.state.actor = session.actor
    rates: Rates = request.app.state.rates
    rates.take_actor(session.actor.id)
    check_permission(str(getattr(request.scope.get("route"), "name", "")), session.actor)
    return session, ended


Known = Annotated[tuple[Session, bool], Depends(_session)]


async def _form(request: Request, known: Known) -> FormData:
    """The form, if one was sent, by somebody who may send it."""
    if request.method != "POST":
        return FormData()
    return await request.form(
        max_fields=MOST_FIELDS, max_files=50, max_part_size=request.app.state.settings.body_bytes
    )


def visiting(
    request: Request, known: Known, form: Annotated[FormData, Depends(_form)]
) -> Iterator[Visit]:
    """The visit, signed in and allowed to use the page that was matched.

    A form that was kept is kept no longer once it has been sent and was not refused.
    """
    register: Register = request.app.state.register
    session, ended = known
    if ended:
        with register.changing(session.actor) as change:
            request.state.kept = keep_form(change, request.url.path, _fields(form))
        raise _signed_out()
    if request.method == "POST":
        require_ours(form, session)
    visit = Visit(request, register, session, form)
    if (forms := visit.sends_kept()) and not visit.said(SEEN_SINCE):
        with reading(register, session.actor) as change:
            # A bid's page sends one; those of files, of which there may be several, have no bid.
            if since := since_kept(change, forms[0]):
                bid = bid_kept_for(change, forms[0])
                raise ConflictError(
                    f"{'. '.join(since)} since this form was kept, and nothing was done with it. "
                    "Go back to the forms that were kept, and tick that you have looked at it.",
                    code="changed-since-kept",
                    referral_id=None if bid is None else bid["id"],
                )
    yield visit
    if (kept := visit.sends_kept()) and not getattr(request.state, "refused", False):
        with register.changing(session.actor) as change:
            for each in kept:
                take_form(change, each.id)


# Of the function: it ends before the answer is sent, so that the next page knows of it.
Visiting = Annotated[Visit, Depends(visiting, scope="function")]


def require_ours(form: FormData, session: Session) -> None:
    """Raise NotAllowedError unless the form was shown to somebody in this session."""
    if not hmac.compare_digest(str(form.get(TOKEN, "")).encode(), session.token.encode()):
        raise NotAllowedError(
            "This form is not one that you were shown in this session. Go back, load the page "
            "again, and send it once more.",
            code="not-our-form",
        )


def _signed_out() -> NotSignedInError:
    return NotSignedInError("You have been signed out.", code="session-ended")


def _fields(form: FormData) -> list[tuple[str, str]]:
    """What can be kept of a form: its words, and neither its files nor what made it ours."""
    return [
        (name, value)
        for name, value in form.multi_items()
        if isinstance(value, str) and name not in NOT_KEPT
    ]
