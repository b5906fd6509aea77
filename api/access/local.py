"""Local mode: we hand out the tokens, to people and programs at this machine."""

from __future__ import annotations

import hashlib
import secrets
import sys
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from shlex import quote

import jwt

from api.access.actor import Actor, Role
from api.access.local_key import local_key
from api.access.tokens import TokenRules, verified
from api.service.refusals import NotSignedInError

ISSUER = "urn:allocator:local"
AUDIENCE = "urn:allocator:local:api"
ALGORITHM = "HS256"
LONGEST_MINUTES = 8 * 60
CODE_LASTS_S = 10 * 60


class LocalTokens:
    """Mints and verifies tokens under the key of one data folder.

    Sign-in codes live in memory: none outlasts the service that gave it out.
    """

    def __init__(
        self, folder: Path, *, leeway_s: int = 30, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._key = local_key(folder)
        self._clock = clock
        self._lock = threading.Lock()
        self._codes: dict[bytes, tuple[str, frozenset[Role], float]] = {}
        self._rules = TokenRules(
            algorithm=ALGORITHM,
            issuer=ISSUER,
            audience=AUDIENCE,
            longest_s=LONGEST_MINUTES * 60,
            leeway_s=leeway_s,
            roles_claim="roles",
            role_names={role.value: role for role in Role},
        )

    def verify(self, token: str) -> Actor:
        """Whoever the token names."""
        return verified(token, self._rules, lambda _kid: self._key)

    def mint(self, name: str, roles: Iterable[Role], minutes: int = LONGEST_MINUTES) -> str:
        """A token for this name, which stands in the timeline too: `local:NAME`."""
        if not name.strip() or not name.isprintable() or len(name) > 100:
            raise ValueError("A name of 1 to 100 printable characters, please.")
        if not 0 < minutes <= LONGEST_MINUTES:
            raise ValueError(f"A token lasts 1 to {LONGEST_MINUTES} minutes.")
        roles = sorted(set(roles))
        if Role.SERVICE in roles and len(roles) > 1:
            raise ValueError(
                "A token is a person's or a system's: service goes with no other role."
            )
        now = int(time.time())
        claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": f"local:{name}",
            "name": name,
            "iat": now,
            "exp": now + minutes * 60,
            "jti": secrets.token_hex(16),
            "roles": roles,
        }
        return jwt.encode(claims, self._key, ALGORITHM)

    def new_code(self, name: str, roles: Iterable[Role]) -> str:
        """A code that signs this person in once, within ten minutes."""
        code = secrets.token_urlsafe(32)
        with self._lock:
            now = self._clock()
            self._codes = {key: told for key, told in self._codes.items() if told[2] > now}
            self._codes[_digest(code)] = (name, frozenset(roles), now + CODE_LASTS_S)
        return code

    def exchange(self, code: str) -> str:
        """A session token for the code, which is spent by that, even if it came too late."""
        with self._lock:
            # Looked up by digest, so that how long it takes tells nothing of the codes there are.
            name, roles, ends = self._codes.pop(_digest(code), ("", frozenset(), 0.0))
        if not name or ends <= self._clock():
            raise NotSignedInError(
                "The sign-in code was used, has run out, or never was.", code="code-refused"
            )
        return self.mint(name, roles)


def _digest(code: str) -> bytes:
    return hashlib.sha256(code.encode()).digest()


def token_command(data_folder: Path) -> str:
    """What prints a token for the service of this folder, from whichever folder it is run.

    Told where the service is started and not on the page to sign in, which anybody may ask for.
    """
    folder = f"ALLOCATOR_DATA_FOLDER={quote(str(data_folder.resolve()))}"
    asked = "-m api token 'Your Name' --role coordinator --minutes 480"
    return f"{folder} {quote(sys.executable)} {asked}"
