"""Links of resets and locks: who may look, who may post, and what never happens."""

import pytest

from app.main import Application
from tests.locking import lock_out
from tests.recovering import reset_link, settled
from tests.stage import Person
from tests.test_pages import CLOSED, SCANNERS
from tests.visitors import browser, everything, heading

PAGES = {
    "reset": ({"act": "reset", "newPassword": "quite another horse"}, "Your new password is set"),
    "unlock": ({"act": "unlock"}, "Your sign-in is unlocked"),
}


@pytest.fixture
async def kim(app: Application) -> Person:
    """Kim is locked out, and has forgotten her password."""
    return await settled(app, "Kim")


async def link_for(kim: Person, page: str) -> str:
    return await (reset_link(kim) if page == "reset" else lock_out(kim))


@pytest.mark.parametrize("page", PAGES)
async def test_scanners_of_mail_change_nothing_and_the_link_still_works(
    app: Application, kim: Person, page: str
) -> None:
    link, (form, done) = await link_for(kim, page), PAGES[page]
    before = await everything()

    for number in range(20):
        async with browser(app) as scanner:
            headers = SCANNERS[number % len(SCANNERS)]
            shown = await scanner.get(link, headers=headers)
            peeked = await scanner.head(link, headers=headers)
        assert (shown.status_code, peeked.status_code, peeked.text) == (200, 200, "")
        assert peeked.headers["content-length"] == shown.headers["content-length"]
        assert "set-cookie" not in shown.headers | peeked.headers

    assert await everything() == before
    async with browser(app) as client:
        assert heading(await client.post(link, data=form)) == done


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("site", ["cross-site", "same-site"])
async def test_a_page_of_another_site_gets_nothing_done(
    app: Application, kim: Person, page: str, site: str
) -> None:
    link, (form, _) = await link_for(kim, page), PAGES[page]
    before = await everything()

    async with browser(app, kim.token) as client:
        client.headers["sec-fetch-site"] = site
        answer = await client.post(link, data=form)

    assert (answer.status_code, heading(answer)) == (403, "That did not work")
    assert await everything() == before


@pytest.mark.parametrize("page", PAGES)
async def test_a_link_for_one_thing_does_no_other(app: Application, kim: Person, page: str) -> None:
    secret = (await link_for(kim, page)).rpartition("/")[2]
    before = await everything()

    async with browser(app) as client:
        for other, (form, _) in PAGES.items():
            if other != page:
                answer = await client.post(f"/{other}/{secret}", data=form)
                assert answer.status_code == 410

    assert await everything() == before


async def test_the_pages_are_closed_to_everything_they_do_not_need(
    app: Application, kim: Person
) -> None:
    async with browser(app) as client:
        links = [await link_for(kim, page) for page in PAGES]
        pages = [await client.get(link) for link in [*links, "/reset/x", "/unlock/x"]]
        pages.append(await client.post(links[1], data=PAGES["unlock"][0]))
        pages.append(await client.post(links[0], data=PAGES["reset"][0]))

    for page in pages:
        assert {name: page.headers[name] for name in CLOSED} == CLOSED
        assert "<script" not in page.text
        assert " style=" not in page.text
