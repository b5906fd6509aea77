"""Flow: an issuer that signs people in at a browser, real but for its own page."""

import base64
import hashlib
import json
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qs

from api.app import create_app
from api.service.register import Register
from api.store.database import Database
from api.store.migrate import upgrade
from tests.api.issuer import Issuer, jwk, listening, rsa_key


class SigningIn(Issuer):
    """`challenge`: what the browser was sent with, which the proof must fit. One that `is_down`
    answers, but nothing of use.
    """

    challenge, is_down = "", False
    public = "http://127.0.0.1:8000"

    def addresses(self):
        return {
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
        }

    def exchanged(self, asked):
        digest = hashlib.sha256(asked["code_verifier"][0].encode()).digest()
        proof = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if asked["code"] == ["good"] and proof == self.challenge:
            return 200, {"access_token": self.token(), "token_type": "Bearer"}
        return 400, {"error": "invalid_grant"}


@contextmanager
def a_flow(folder, **settings):
    """The application over a register at the real time, and the issuer that signs people in."""
    issuer = SigningIn(jwk(rsa_key()))

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            issuer.asked += 1
            known = self.path.startswith("/.well-known/")
            told = issuer.addresses() if known else {"keys": issuer.keys}
            self._say(503 if issuer.is_down else 200, told)

        def do_POST(self):
            sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._say(*issuer.exchanged(parse_qs(sent)))

        def _say(self, status, told):
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(told).encode())

        def log_message(self, *_):
            pass

    with listening(Handler) as issuer.url:
        database = Database(f"sqlite:///{folder / 'register.db'}")
        upgrade(database)
        whole = issuer.settings(
            oidc_client_id="beds", public_url=issuer.public, data_folder=folder, **settings
        )
        yield create_app(whole, Register(database)), issuer
