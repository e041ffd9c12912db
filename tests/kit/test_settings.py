"""What an installation may choose, and how a wrong choice is told."""

import os
import stat
from pathlib import Path

import pytest

from app.kit import settings
from app.kit.settings import SettingsError

KEY = "0123456789abcdef0123456789abcdef"
OTHER_KEY = "fedcba9876543210fedcba9876543210"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in an empty folder, with nothing chosen."""
    for name in settings.NAMES & os.environ.keys():
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_without_choices_everything_stays_on_this_machine() -> None:
    chosen = settings.load()

    assert chosen.database_url == "sqlite://var/keyfob.sqlite3"
    assert chosen.is_sqlite
    assert (chosen.host, chosen.port) == ("127.0.0.1", 8000)
    assert chosen.app_url == "http://127.0.0.1:8000"
    assert chosen.mail_from == "Keyfob <keyfob@localhost>"
    assert (chosen.smtp_url, chosen.allowed_origins, chosen.trusted_proxies) == (None, (), ())
    assert not chosen.suggestions


def test_a_key_is_made_once_and_only_its_owner_reads_it(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    first, second = settings.load(), settings.load()

    kept = folder / "var" / "secret_key"
    assert first.secret_keys == second.secret_keys == (kept.read_text().strip(),)
    assert len(first.secret_keys[0]) == 64
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700
    assert [*kept.parent.iterdir()] == [kept]
    assert caplog.messages == [
        "KEYFOB_SECRET_KEY is not set: made one, kept in var/secret_key. Back it up."
    ]


def test_a_given_key_leaves_no_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEYFOB_SECRET_KEY", f"{KEY}, {OTHER_KEY}")

    assert settings.load().secret_keys == (KEY, OTHER_KEY)
    assert [*(folder / "var").iterdir()] == []


def test_an_emptied_key_is_not_replaced(folder: Path) -> None:
    (folder / "var").mkdir()
    (folder / "var" / "secret_key").touch()

    with pytest.raises(SettingsError, match=r"^var/secret_key is empty: restore it"):
        settings.load()
    assert (folder / "var" / "secret_key").read_text() == ""


def test_a_data_folder_that_is_none_is_named(folder: Path) -> None:
    (folder / "var").write_text("a file")

    with pytest.raises(
        SettingsError, match=r"^KEYFOB_DATA_DIR cannot be used: var: File exists\.$"
    ):
        settings.load()


def test_postgres_needs_a_key_that_all_processes_share(folder: Path) -> None:
    with pytest.raises(SettingsError, match=r"^KEYFOB_SECRET_KEY is missing"):
        settings.load(database_url="postgres://keyfob@db.example/keyfob")
    assert [*folder.iterdir()] == []


def test_postgres_needs_no_data_folder(folder: Path) -> None:
    chosen = settings.load(database_url="postgres://keyfob:hush@db.example/keyfob", secret_keys=KEY)

    assert not chosen.is_sqlite
    assert chosen.secret_keys == (KEY,)
    assert [*folder.iterdir()] == []


def test_the_environment_comes_before_the_file_and_an_option_before_both(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / ".env").write_text("KEYFOB_PORT=1001\nKEYFOB_HOST=file.example\nOTHER=1\n")
    monkeypatch.setenv("KEYFOB_PORT", "1002")

    assert settings.load().host == "file.example"
    assert settings.load().port == 1002
    assert settings.load(port=1003).port == 1003


def test_lists_are_written_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEYFOB_ALLOWED_ORIGINS", "https://A.example, http://localhost:3000/,")
    monkeypatch.setenv("KEYFOB_TRUSTED_PROXIES", "10.0.0.0/8,::1")

    chosen = settings.load()

    assert chosen.allowed_origins == ("https://a.example", "http://localhost:3000")
    assert chosen.trusted_proxies == ("10.0.0.0/8", "::1/128")


def test_secrets_are_not_shown() -> None:
    chosen = settings.load(
        database_url="postgres://keyfob:hush@db.example/keyfob",
        smtp_url="smtp://keyfob:hush@mail.example",
        secret_keys=KEY,
    )

    assert "hush" not in repr(chosen)
    assert KEY not in repr(chosen)


@pytest.mark.parametrize(
    ("host", "app_url"),
    [
        ("0.0.0.0", "http://127.0.0.1:8000"),  # noqa: S104 - a setting, not bound
        ("::", "http://127.0.0.1:8000"),
        ("::1", "http://[::1]:8000"),
        ("keyfob.example", "http://keyfob.example:8000"),
    ],
)
def test_links_lead_to_where_it_listens(host: str, app_url: str) -> None:
    assert settings.load(host=host).app_url == app_url


def test_mail_comes_from_the_site() -> None:
    chosen = settings.load(app_url="https://keyfob.example/in/")

    assert chosen.app_url == "https://keyfob.example/in"
    assert chosen.mail_from == "Keyfob <keyfob@keyfob.example>"


@pytest.mark.parametrize(
    ("name", "value", "advice"),
    [
        ("KEYFOB_ALLOWED_ORIGINS", "https://a.example/x", "https://dashboard.your.domain"),
        ("KEYFOB_APP_URL", "keyfob.example", "https://keyfob.your.domain"),
        ("KEYFOB_APP_URL", "https://keyfob.example?x=1", "https://keyfob.your.domain"),
        ("KEYFOB_BCRYPT_COST", "3", "greater than or equal to 4"),
        ("KEYFOB_DATABASE_URL", "mysql://a/b", "sqlite:///folder/keyfob.sqlite3"),
        ("KEYFOB_DATABASE_URL", "postgres://host/", "it names no database"),
        ("KEYFOB_DEFAULT_LOCALE", "klingon", "it should be one of en, de"),
        ("KEYFOB_INTROSPECTION", "perhaps", "a valid boolean"),
        ("KEYFOB_MAIL_FROM", "Keyfob <keyfob>", "Keyfob <keyfob@your.domain>"),
        ("KEYFOB_MAIL_FROM", "a@b.example\r\nBcc: c@d.example", "Keyfob <keyfob@your.domain>"),
        ("KEYFOB_PORT", "abc", "a valid integer"),
        ("KEYFOB_PORT", "70000", "less than or equal to 65535"),
        ("KEYFOB_SECRET_KEY", "short", "openssl rand -hex 32"),
        ("KEYFOB_SMTP_URL", "mail.example:25", "smtp://user:password@host:587"),
        ("KEYFOB_SMTP_URL", "smtp://", "it names no host"),
        ("KEYFOB_SMTP_URL", "smtp://mail.example:smtp", "Port could not be cast"),
        ("KEYFOB_SQLITE_SYNCHRONOUS", "OFF", "'FULL' or 'NORMAL'"),
        ("KEYFOB_TRUSTED_PROXIES", "10.0.0", "'10.0.0' does not appear to be"),
    ],
)
def test_a_wrong_setting_is_named_in_one_line(
    name: str, value: str, advice: str, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(SettingsError) as refused:
        settings.load()

    line = str(refused.value)
    assert line.startswith(f"{name} cannot be used: ")
    assert advice in line
    assert "\n" not in line
    assert [*folder.iterdir()] == []


def test_a_misspelt_setting_is_no_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEYFOB_DATABSE_URL", "sqlite://elsewhere")

    with pytest.raises(SettingsError) as refused:
        settings.load()
    assert str(refused.value) == (
        "KEYFOB_DATABSE_URL is not a setting: remove it, or did you mean KEYFOB_DATABASE_URL?"
    )


def test_a_misspelt_setting_in_the_file_is_named_too(folder: Path) -> None:
    (folder / ".env").write_text("KEYFOB_PROT=1\n")

    with pytest.raises(SettingsError, match=r"^KEYFOB_PROT is not a setting"):
        settings.load()
