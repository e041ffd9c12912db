"""One login, an account, an invite by mail, a ticket with badges: the whole of it, as people do it."""

from app.main import Application
from tests.stage import (
    ACCEPT,
    ANSWER,
    DEPARTMENTS,
    INVITE,
    LOGIN,
    OPEN_TICKET,
    PASSWORD,
    REPLY,
    Person,
    account_of,
    link_in,
)

LOG = """query ($id: ID!) { account(id: $id) { auditEvents { nodes {
  action summary actor { displayName } account { name } actorBadge { relationship } } } } }"""
TICKET = """query ($id: ID!) { ticket(id: $id) { status messages { nodes {
  author { __typename } badge { relationship } viewerIsAuthor } } } }"""
PREVIEW = """query ($token: String!) { invitePreview(token: $token) {
  accountName invitedBy maskedEmail hasUser viewerMatch permissions { permission } } }"""
SWITCH = """mutation ($input: SwitchAccountInput!) { switchAccount(input: $input) {
  account { name } me { accountContext { source account { name } } } errors { code path } } }"""


async def test_ann_invites_bob_who_opens_a_ticket_that_staff_answers(
    app: Application, ann: Person, acme: str, sam: Person
) -> None:
    bob = Person(app, "Bob")
    sent = await ann.does(INVITE, email=bob.email, permissions=["TICKETS"])
    assert sent["invite"]["status"] == "PENDING"
    token = await link_in(bob.email, "invite")
    preview = await bob.asks(PREVIEW, token=token)
    assert preview["invitePreview"] == {
        "accountName": "Acme",
        "invitedBy": "Ann Example",
        "maskedEmail": "b•••@x.example",
        "hasUser": False,
        "viewerMatch": "SIGNED_OUT",
        "permissions": [{"permission": "TICKETS"}],
    }

    registration = {
        "email": bob.email,
        "password": PASSWORD,
        "firstName": "Bob",
        "lastName": "Example",
    }
    joined = await bob.does(ACCEPT, token=token, **{"as": {"register": registration}})
    assert joined["errors"] == []
    assert joined["account"]["name"] == "Acme"
    assert joined["me"]["emailVerifiedAt"] is not None
    bob.token = joined["sessionToken"]
    other = await account_of(bob, "Bobs Bakery")

    bob_again = Person(app, "Bob")
    signed_in = await bob_again.does(LOGIN, email=bob.email, password=PASSWORD)
    assert signed_in["session"]["pendingSteps"] == ["SELECT_ACCOUNT"]
    bob_again.token = signed_in["sessionToken"]
    switched = await bob_again.does(SWITCH, accountId=acme)
    assert switched["me"]["accountContext"] == {"source": "SESSION", "account": {"name": "Acme"}}
    named = await bob_again.at(other).asks("{ accountContext { source account { name } } }")
    assert named["accountContext"] == {"source": "REQUEST", "account": {"name": "Bobs Bakery"}}

    (general,) = (await bob.asks(DEPARTMENTS))["departments"]
    opened = await bob_again.does(
        OPEN_TICKET, subject="No mail", body="It *stopped*.", departmentId=general["id"]
    )
    assert opened["errors"] == []
    ticket = opened["ticket"]["id"]
    answered = await sam.does(ANSWER, ticketId=ticket, body="Looking.")
    assert answered["ticket"]["status"] == "ANSWERED"
    replied = await ann.does(REPLY, ticketId=ticket, body="Thanks!")
    assert replied["message"]["badge"] == {"relationship": "OWNER", "label": "Owner"}

    shown = (await bob.asks(TICKET, id=ticket))["ticket"]
    assert [
        (each["author"]["__typename"], each["badge"]["relationship"], each["viewerIsAuthor"])
        for each in shown["messages"]["nodes"]
    ] == [
        ("User", "AUTHORIZED_USER", True),
        ("Operator", "OPERATOR", False),
        ("User", "OWNER", False),
    ]
    assert shown["status"] == "CUSTOMER_REPLY"

    log = (await ann.asks(LOG, id=acme))["account"]["auditEvents"]["nodes"]
    assert [
        (each["action"], each["actor"]["displayName"], each["account"]["name"]) for each in log
    ] == [
        ("TICKET_REPLIED", "Ann Example", "Acme"),
        ("TICKET_REPLIED", "Sam Example", "Acme"),
        ("TICKET_OPENED", "Bob Example", "Acme"),
        ("ACCOUNT_SWITCHED", "Bob Example", "Acme"),
        ("INVITE_ACCEPTED", "Bob Example", "Acme"),
        ("INVITE_SENT", "Ann Example", "Acme"),
        ("ACCOUNT_CREATED", "Ann Example", "Acme"),
    ]
