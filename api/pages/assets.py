"""Assets: the style sheets, scripts and pictures of the pages, under addresses that name their
content, so that a browser may keep them for good.

`python -m api.pages.assets` makes them from the packages that npm installed; `make setup` does
both.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from api.headers import ASSETS

HERE = Path(__file__).resolve().parent
PACKAGES = HERE.parents[1] / "node_modules"
BUILT, OWN = HERE / "built", HERE / "own"
STYLES = ("govuk-frontend.min.css", "moj-frontend.min.css")
SCRIPT = "govuk-frontend.min.js"
GOVUK, MOJ = Path("govuk-frontend/dist/govuk"), Path("@ministryofjustice/frontend/moj")
KINDS = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}

_FONT_FACE = re.compile(r"@font-face\{[^}]*\}")
_PICTURE = re.compile(r"url\(/assets/images/([a-z0-9-]+\.svg)\)")
_MAP = re.compile(r"(/\*#|//#) sourceMappingURL=\S+( \*/)?\s*")
_CREST = "govuk-crest.svg"


class NoPackagesError(Exception):
    """The packages are not installed."""


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it is served."""

    content: bytes
    kind: str


def build(packages: Path = PACKAGES, to: Path = BUILT) -> list[str]:
    """Make our files from the packages'; their names. Whole or not at all.

    Left out: the typeface, which is licensed for gov.uk alone, and the crown's crest.
    """
    sheets = {name: packages / part / name for name, part in zip(STYLES, (GOVUK, MOJ), strict=True)}
    wanted = [*sheets.values(), packages / GOVUK / SCRIPT]
    if lacking := [path.name for path in wanted if not path.is_file()]:
        raise NoPackagesError(f"{packages} has no {', '.join(lacking)}: run `make setup`")
    draft = to.with_name(f".{to.name}")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    for name, path in sheets.items():
        text = _ours(path.read_text(encoding="utf-8"))
        (draft / name).write_text(text, encoding="utf-8")
        for picture in sorted(set(_PICTURE.findall(text))):
            found = next(
                packages / part / "assets/images" / picture
                for part in (GOVUK, MOJ)
                if (packages / part / "assets/images" / picture).is_file()
            )
            shutil.copyfile(found, draft / picture)
    script = (packages / GOVUK / SCRIPT).read_text(encoding="utf-8")
    (draft / SCRIPT).write_text(_MAP.sub("", script), encoding="utf-8")
    shutil.rmtree(to, ignore_errors=True)
    draft.rename(to)
    return sorted(path.name for path in to.iterdir())


def _ours(sheet: str) -> str:
    sheet = _MAP.sub("", _FONT_FACE.sub("", sheet))
    sheet = sheet.replace(f"url(/assets/images/{_CREST})", "none")
    for quoted in ('"GDS Transport"', "GDS Transport"):
        sheet = sheet.replace(f"{quoted},arial", "Helvetica Neue,Helvetica,Arial")
    return sheet


class Assets:
    """What is served: by the name we call it, its address; by its address, what it is."""

    def __init__(self, built: Path = BUILT, own: Path = OWN) -> None:
        self.missing = [name for name in (*STYLES, SCRIPT) if not (built / name).is_file()]
        self._address: dict[str, str] = {}
        self._files: dict[str, Asset] = {}
        for path in [*_files(built, ".svg"), *_files(own, ".svg")]:
            self._add(path.name, path.read_bytes())
        sheets = [path.read_text(encoding="utf-8") for path in _files(built, ".css")]
        sheets += [path.read_text(encoding="utf-8") for path in _files(own, ".css")]
        self._add("pages.css", _PICTURE.sub(self._picture, "\n".join(sheets)).encode())
        for path in [*_files(built, ".js"), *_files(own, ".js")]:
            # Ours imports the package's by its address, which names its content.
            text = path.read_text(encoding="utf-8")
            if SCRIPT in self._address:
                text = text.replace(f'"./{SCRIPT}"', f'"{self._address[SCRIPT]}"')
            self._add(path.name, text.encode())

    def address(self, name: str) -> str:
        """Where a browser has it from."""
        return self._address.get(name, f"{ASSETS}missing/{name}")

    def find(self, address: str) -> Asset | None:
        """What is at this address."""
        return self._files.get(address)

    @property
    def files(self) -> Mapping[str, Asset]:
        """All of them by address."""
        return self._files

    def _add(self, name: str, content: bytes) -> None:
        path = Path(name)
        digest = hashlib.sha256(content).hexdigest()[:16]
        address = f"{ASSETS}{path.stem}.{digest}{path.suffix}"
        self._address[name] = address
        self._files[address] = Asset(content, KINDS[path.suffix])

    def _picture(self, found: re.Match[str]) -> str:
        return f"url({self.address(found.group(1))})"


def _files(folder: Path, suffix: str) -> list[Path]:
    return sorted(folder.glob(f"*{suffix}")) if folder.is_dir() else []


def main() -> int:
    """Make them, and say so."""
    try:
        made = build()
    except NoPackagesError as fault:
        print(f"api.pages.assets: {fault}", file=sys.stderr)
        return 1
    print(f"{len(made)} files for the pages in {BUILT}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
