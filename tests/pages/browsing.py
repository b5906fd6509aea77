"""Browsing: pages asked for without a browser, as one would: forms with what they were shown."""

import re
from html import unescape
from html.parser import HTMLParser

from fastapi.testclient import TestClient

from tests.api.front import knock
from tests.api.service import signed_in_at_the_pages

KEY = iter(range(10**6))


class Browser:
    """Somebody at the pages, who follows no redirect unseen."""

    def __init__(self, service, *roles, name="A Tester", minutes=60):
        self.client: TestClient = knock(service.app)
        self.client.headers["Accept"] = "text/html"
        self.token = None
        if roles:
            self.token = signed_in_at_the_pages(
                service, self.client, *roles, name=name, minutes=minutes
            )

    def get(self, url):
        return self.client.get(url, follow_redirects=False)

    def post(self, url, fields=None, *, token=None, files=None):
        sent = {
            "form_token": self.token if token is None else token,
            "form_key": f"a-key-of-its-own-{next(KEY)}",
            **(fields or {}),
        }
        return self.client.post(url, data=sent, files=files, follow_redirects=False)


def attributes_of(answer):
    """The names of all attributes on the page, as a browser reads them."""
    found = set()
    parser = HTMLParser()
    parser.handle_starttag = lambda _, attributes: found.update(name for name, _ in attributes)
    parser.feed(answer.text)
    return found


def text_of(answer):
    """What is read on the page: its main part without tags."""
    main = answer.text.split("<main", 1)[1].split("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", main)).split())
