"""An issuer of tokens on this machine: real keys, and a real server that publishes them."""

import base64
import json
import threading
import time
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from api.settings import Settings

AUDIENCE = "allocator"
KID = "key-1"


@cache
def rsa_key(number=1, bits=2048):
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


@cache
def ec_key():
    return ec.generate_private_key(ec.SECP256R1())


def jwk(key, kid=KID, **more):
    kind = jwt.algorithms.RSAAlgorithm
    if isinstance(key, ec.EllipticCurvePrivateKey):
        kind = jwt.algorithms.ECAlgorithm
    return {**kind.to_jwk(key.public_key(), as_dict=True), "kid": kid, "use": "sig", **more}


class Issuer:
    """Serves `keys`; `asked` counts the times it was asked; `answer` is sent instead if set."""

    def __init__(self, *keys):
        self.keys, self.asked, self.answer = list(keys), 0, None
        self.url = ""

    def settings(self, **changes):
        return Settings(
            **{
                "oidc_issuer": self.url,
                "oidc_audience": AUDIENCE,
                "oidc_jwks_url": f"{self.url}/keys",
                **changes,
            }
        )

    def claims(self, **changes):
        """An honest person's claims with some changed; None takes one away."""
        now = int(time.time())
        whole = {
            "iss": self.url,
            "aud": AUDIENCE,
            "sub": "user-17",
            "name": "A. Coordinator",
            "iat": now,
            "exp": now + 300,
            "authorities": ["ROLE_COORDINATOR"],
            **changes,
        }
        return {name: value for name, value in whole.items() if value is not None}

    def token(self, key=None, algorithm="RS256", headers=None, **changes):
        headers = {"kid": KID, **(headers or {})}
        headers = {name: value for name, value in headers.items() if value is not ...}
        return jwt.encode(self.claims(**changes), key or rsa_key(), algorithm, headers=headers)


@contextmanager
def serving(issuer):
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            issuer.asked += 1
            status, body = issuer.answer or (200, json.dumps({"keys": issuer.keys}).encode())
            self.send_response(status)
            if status == 302:
                self.send_header("Location", body.decode())
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    with listening(Handler) as issuer.url:
        yield issuer


@contextmanager
def listening(handler):
    """The address at which a server of this machine answers in this way."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def b64(data):
    data = data if isinstance(data, bytes) else json.dumps(data).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
