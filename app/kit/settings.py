"""What an installation may choose: `KEYFOB_…` in the environment, or in `.env` of this folder."""

from difflib import get_close_matches
from os import environ
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.kit import secret_key
from app.kit.setting_kinds import (
    DatabaseUrl,
    Keys,
    Locale,
    Networks,
    Origins,
    Sender,
    SiteUrl,
    SmtpUrl,
)

PREFIX = "KEYFOB_"
FOR_TESTS = "KEYFOB_TEST_"
ENV_FILE = ".env"


class SettingsError(Exception):
    """A setting cannot be used; the text is one line that names it and says what to do."""


def _beside(chosen: dict[str, object]) -> str:
    return f"sqlite://{chosen['data_dir']}/keyfob.sqlite3"


def _reachable(chosen: dict[str, object]) -> str:
    host = str(chosen["host"])
    everywhere = host in {"0.0.0.0", "::"}  # noqa: S104 - compared, not bound
    name = "127.0.0.1" if everywhere else f"[{host}]" if ":" in host else host
    return f"http://{name}:{chosen['port']}"


def _at_the_site(chosen: dict[str, object]) -> str:
    host = urlsplit(str(chosen["app_url"])).hostname or ""
    is_name = any(character.isalpha() for character in host) and ":" not in host
    return f"Keyfob <keyfob@{host if is_name else 'localhost'}>"


class Settings(BaseSettings):
    """The choices of one installation, checked; the defaults run on one machine as they are."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=ENV_FILE,
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        populate_by_name=True,
    )

    data_dir: Path = Path("var")
    database_url: DatabaseUrl = Field(default_factory=_beside, repr=False)
    database_pool_size: int = Field(10, ge=1, le=1000)
    sqlite_synchronous: Literal["FULL", "NORMAL"] = "FULL"
    secret_keys: Keys = Field((), validation_alias=f"{PREFIX}SECRET_KEY", repr=False)
    bcrypt_cost: int = Field(12, ge=4, le=20)

    host: str = "127.0.0.1"
    port: int = Field(8000, ge=1, le=65535)
    app_url: SiteUrl = Field(default_factory=_reachable)
    allowed_origins: Origins = ()
    trusted_proxies: Networks = ()

    smtp_url: SmtpUrl | None = Field(None, repr=False)
    mail_from: Sender = Field(default_factory=_at_the_site)
    default_locale: Locale = "en"

    private_registration: bool = False
    operator_two_factor: bool = True
    introspection: bool = True
    suggestions: bool = False

    @property
    def is_sqlite(self) -> bool:
        """Whether the rows live in a file that only this machine can open."""
        return self.database_url.startswith("sqlite:")


NAMES = frozenset(
    str(field.validation_alias or f"{PREFIX}{name}".upper())
    for name, field in Settings.model_fields.items()
)


def load(**overrides: object) -> Settings:
    """Return the settings, the overrides first, with a secret key and (on SQLite) a data folder.

    Raises SettingsError.
    """
    _refuse_misspelt()
    try:
        settings = Settings.model_validate(overrides)
    except ValidationError as error:
        raise SettingsError(_line(error)) from None
    if settings.is_sqlite:
        return _furnished(settings)
    if not settings.secret_keys:
        raise SettingsError(
            "KEYFOB_SECRET_KEY is missing, and with PostgreSQL all processes must read the same "
            "one: set it to the output of `openssl rand -hex 32`."
        )
    return settings


def _refuse_misspelt() -> None:
    """Refuse what looks like a setting and is none: it was meant to change something."""
    for name in sorted(dotenv_values(ENV_FILE).keys() | environ.keys()):
        if name.startswith(PREFIX) and not name.startswith(FOR_TESTS) and name not in NAMES:
            near = get_close_matches(name, sorted(NAMES), n=1, cutoff=0)[0]
            raise SettingsError(f"{name} is not a setting: remove it, or did you mean {near}?")


def _line(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_context=False)[0]
    field, why = str(first["loc"][0]), first["msg"].removeprefix("Value error, ")
    name = field if field in NAMES else f"{PREFIX}{field}".upper()
    return f"{name} cannot be used: {why.replace('Input should', 'it should')}."


def _furnished(settings: Settings) -> Settings:
    folder = settings.data_dir
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        keys = settings.secret_keys or (secret_key.kept_in(folder),)
    except OSError as error:
        raise SettingsError(
            f"KEYFOB_DATA_DIR cannot be used: {folder}: {error.strerror}."
        ) from None
    if not all(keys):
        raise SettingsError(
            f"{folder}/secret_key is empty: restore it, or delete it if nobody has signed up yet."
        )
    return settings.model_copy(update={"secret_keys": keys})
