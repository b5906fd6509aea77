"""Settings: where the service listens, what it keeps, whom it lets in, and how much they may ask.

Read from the environment (`ALLOCATOR_` and the field's name in capitals), then from a TOML file:
the one that `ALLOCATOR_SETTINGS` names, or allocator.toml in the folder the service starts in.
Settings that would open the register to a network unguarded cannot be made.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from api.access.actor import Role
from api.safe_start import is_loopback, why_unsafe

MIB = 2**20
DEFAULT_FILE = Path("allocator.toml")

# An empty value is a setting forgotten, never a way to say "none".
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


def _role_names() -> dict[str, Role]:
    """Each role under its own name and under the one that HMPPS gives authorities."""
    return {name: role for role in Role for name in (role.value, f"ROLE_{role.value.upper()}")}


class Settings(BaseSettings):
    """One start's settings. They do not change while the service runs."""

    model_config = SettingsConfigDict(
        env_prefix="ALLOCATOR_",
        env_ignore_empty=False,
        extra="forbid",
        frozen=True,
        # What was set may be a password; a complaint names the field only.
        hide_input_in_errors=True,
    )

    data_folder: Path = Path("build/service")
    database_url: Text = Field(
        default_factory=lambda data: f"sqlite:///{data['data_folder'] / 'register.db'}",
        repr=False,
    )
    policy: Path | None = None
    """None: the policy that is packaged with the allocator."""

    host: Text = "127.0.0.1"
    port: int = Field(8000, ge=0, le=65535)
    behind_tls_proxy: bool = False
    """Whether a proxy ends TLS before us and is the only way in."""
    tls_certificate: Path | None = None
    tls_key: Path | None = None
    hosts: tuple[Text, ...] = ()
    """Names this service is reached by. Local mode adds its own; else none given means any."""
    expose_docs: bool = Field(default_factory=lambda data: is_loopback(data["host"]))

    oidc_issuer: Text | None = None
    """None: local mode, for one person at the machine the service runs on."""
    oidc_audience: Text | None = None
    oidc_jwks_url: Text | None = None
    oidc_algorithm: Literal["RS256", "ES256"] = "RS256"
    oidc_longest_token_s: int = Field(900, ge=60, le=43_200)
    """A token made to last longer is refused: a role taken away must soon be without effect."""
    oidc_client_id: Text | None = None
    """What the issuer knows the pages as. None: there are no pages in server mode."""
    oidc_client_secret: Text | None = Field(None, repr=False)
    oidc_scope: Text = "openid profile"
    public_url: Text | None = None
    """Where people's browsers find us: the issuer sends them back there."""
    leeway_s: int = Field(30, ge=0, le=60)
    roles_claim: Text = "authorities"
    role_names: dict[str, Role] = Field(default_factory=_role_names)

    session_minutes: int = Field(480, ge=1, le=480)
    """How long somebody stays signed in at a browser, and never longer than their token lasts."""

    workers: int = Field(1, ge=0, le=64)
    """Workers that this process starts. 0: they run elsewhere."""
    lease_s: int = Field(30, ge=3, le=3600)
    beat_s: int = Field(5, ge=1, le=600)
    memory_gib: float = Field(8, gt=0)
    default_time_limit_s: int = Field(120, ge=1, le=86_400)
    queued_runs_per_person: int = Field(5, ge=1)
    queued_runs: int = Field(20, ge=1)

    study_processes: int = Field(1, ge=0, le=64)
    """Years that a worker simulates side by side for its one study. 0: it takes no studies."""
    study_memory_gib: float = Field(8, gt=0)
    """Of each process of a study."""
    study_longest_s: int = Field(21_600, ge=1)
    """Seconds that a study may take; its years are kept, and asked again it goes on."""
    study_years: int = Field(2_000, ge=1)
    """Simulated years that one study may come to."""
    study_cells_days: int = Field(30, ge=1)
    """Days that simulated years are kept for studies that need them again."""
    queued_studies_per_person: int = Field(3, ge=1)
    queued_studies: int = Field(10, ge=1)

    retention_days: int | None = Field(None, ge=1)
    """Days after a person's last event; None: no period is set, and nobody is listed as due."""
    answers_days: int = Field(7, ge=1)
    """Days that answers are kept for requests that are sent again. They hold people's data."""

    upload_bytes: int = Field(20 * MIB, ge=1)
    body_bytes: int = Field(2 * MIB, ge=1)
    requests_per_second: float = Field(10, gt=0)
    burst: int = Field(50, ge=1)
    address_requests_per_second: float = Field(100, gt=0)
    """Of one network address together, signed in or not. A proxy may be everybody's address."""
    address_burst: int = Field(500, ge=1)

    log_format: Literal["json", "console"] = "json"

    @property
    def local(self) -> bool:
        """Whether we hand out the tokens ourselves, to people at this machine."""
        return self.oidc_issuer is None

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach us, unless a proxy on it passes others on."""
        return is_loopback(self.host)

    @property
    def tls(self) -> bool:
        """Whether what people send is encrypted up to us or up to the proxy before us."""
        return self.behind_tls_proxy or self.tls_certificate is not None

    @model_validator(mode="after")
    def refuse_unsafe(self) -> Self:
        """Raise, with every reason at once, if starting with these would be unsafe."""
        if reasons := why_unsafe(self):
            raise ValueError("Not safe to start: " + " ".join(reasons))
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments first, then the environment, then the file."""
        named = os.environ.get("ALLOCATOR_SETTINGS")
        if named is not None and not Path(named).is_file():
            raise FileNotFoundError("ALLOCATOR_SETTINGS names a file that is not there.")
        file = TomlConfigSettingsSource(settings_cls, toml_file=Path(named or DEFAULT_FILE))
        return init_settings, env_settings, file
