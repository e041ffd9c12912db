"""Languages and time zones."""

from datetime import UTC, datetime

import pytest

from app.kit import locales


@pytest.mark.parametrize(
    ("typed", "served"),
    [
        *(("en", "en"), ("de", "de"), ("de-AT", "de"), ("DE-at", "de"), ("en-US-x-twain", "en")),
        *(("ptbr", None), ("pt_BR", None), ("de_AT", None), ("pt-BR", None), ("../../etc", None)),
        *(
            ("", None),
            ("de\n", None),
            ("de-", None),
            ("e", None),
            ("d" * 500, None),
            ("de" + "-a" * 250, None),
        ),
    ],
)
def test_a_language_tag_is_served_by_the_nearest_locale(typed: str, served: str | None) -> None:
    assert locales.match(typed) == served


@pytest.mark.parametrize(
    "name", ["UTC", "Europe/Vienna", "America/Argentina/Buenos_Aires", "Asia/Kolkata"]
)
def test_a_time_zone_goes_by_its_name(name: str) -> None:
    assert locales.is_time_zone(name)


@pytest.mark.parametrize(
    "name", ["Mars/Olympus", "../UTC", "", "utc\n", "Factory", "localtime", "/etc/localtime"]
)
def test_what_is_no_time_zone_is_none(name: str) -> None:
    assert not locales.is_time_zone(name)


def test_an_instant_is_written_out_in_each_language() -> None:
    at = datetime(2026, 3, 1, 9, 5, tzinfo=UTC)

    assert [locales.instant(at, locale) for locale in locales.LOCALES] == [
        "1 March 2026, 09:05 UTC",
        "1. März 2026, 09:05 Uhr UTC",
    ]
