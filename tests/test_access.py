"""Who may use what: one table, and a refusal to start without it."""

from pathlib import Path

import pytest
import strawberry

from app.domain import access
from app.domain.access import Rule
from app.main import Application
from resolvers import schema as graph
from resolvers.declare import node, value
from resolvers.operations import query
from resolvers.printing import printed
from resolvers.schema import Undeclared, build, rules, schema
from tests.stage import Person

ROOT = Path(__file__).parents[1]
TABLE = """
Query.me                            PUBLIC
Query.session                       PUBLIC
Query.account_context               PUBLIC
Query.server                        PUBLIC
Query.password_reset_preview        PUBLIC
Query.accounts                      SIGNED_IN
Query.account                       SIGNED_IN
Query.ticket                        SIGNED_IN
Query.tickets                       MEMBER TICKETS
Query.invite_preview                PUBLIC
Query.permission_catalog            PUBLIC
Query.departments                   PUBLIC
Query.node                          PUBLIC
Query.nodes                         PUBLIC
Mutation.register                   PUBLIC
Mutation.login                      PUBLIC
Mutation.logout                     PUBLIC
Mutation.verify_two_factor          PUBLIC
Mutation.verify_identity            SESSION
Mutation.change_password            SESSION stepUp
Mutation.change_email               SESSION stepUp
Mutation.begin_two_factor_setup     SESSION stepUp
Mutation.confirm_two_factor_setup   SESSION stepUp
Mutation.disable_two_factor         SESSION stepUp
Mutation.regenerate_recovery_codes  SESSION stepUp
Mutation.set_security_question      SESSION stepUp
Mutation.remove_security_question   SESSION stepUp
Mutation.request_password_reset     PUBLIC
Mutation.begin_passkey_proof        PUBLIC
Mutation.login_with_passkey         PUBLIC
Mutation.begin_passkey_setup        SESSION stepUp
Mutation.confirm_passkey_setup      SESSION stepUp
Mutation.remove_passkey             SESSION stepUp
Mutation.reset_password             PUBLIC
Mutation.unlock_sign_in             PUBLIC
Mutation.revoke_session             SESSION
Mutation.revoke_other_sessions      SESSION
Mutation.verify_email               PUBLIC
Mutation.request_email_verification SESSION
Mutation.update_profile             SESSION
Mutation.create_account             SESSION
Mutation.switch_account             SESSION
Mutation.invite_user                MEMBER MANAGE_USERS staff:ADMIN
Mutation.resend_invite              MEMBER MANAGE_USERS staff:ADMIN
Mutation.revoke_invite              MEMBER MANAGE_USERS staff:ADMIN
Mutation.accept_invite              PUBLIC
Mutation.decline_invite             PUBLIC
Mutation.update_membership          MEMBER MANAGE_USERS staff:ADMIN
Mutation.revoke_membership          MEMBER MANAGE_USERS staff:ADMIN
Mutation.open_ticket                MEMBER TICKETS staff:AGENT
Mutation.reply_to_ticket            MEMBER TICKETS own
Mutation.close_ticket               MEMBER TICKETS staff:AGENT own
Mutation.reopen_ticket              MEMBER TICKETS staff:AGENT own
Mutation.answer_ticket              OPERATOR
Subscription.ticket_updated         MEMBER TICKETS staff:AGENT own
Viewer                              SIGNED_IN own
Session                             SESSION own
Passkey                             SESSION own
Department                          PUBLIC
Department.open_ticket_count        OPERATOR
User                                MEMBER staff:AGENT own
Operator                            MEMBER staff:AGENT own
Operator.role                       OPERATOR
Operator.user                       OPERATOR
Account                             MEMBER staff:AGENT own
Account.owner                       MEMBER staff:AGENT
Account.members                     MEMBER MANAGE_USERS staff:AGENT
Account.invites                     MEMBER MANAGE_USERS staff:AGENT
Account.tickets                     MEMBER TICKETS staff:AGENT
Account.audit_events                MEMBER VIEW_AUDIT_LOG staff:ADMIN
Membership                          MEMBER MANAGE_USERS staff:AGENT own
Invite                              MEMBER MANAGE_USERS staff:AGENT own
Ticket                              MEMBER TICKETS staff:AGENT own
Ticket.opener_email                 OPERATOR
TicketMessage                       MEMBER TICKETS staff:AGENT own
TicketMessage.author_email          OPERATOR
TicketMessage.ip                    OPERATOR
AuditEvent                          MEMBER VIEW_AUDIT_LOG staff:ADMIN own
"""
SEEN_THROUGH_ITS_HOLDER = {"value", "as its type"}


def written(rule: Rule) -> str:
    """Write a rule as the table does."""
    parts = [rule.level, rule.permission or "", f"staff:{rule.staff}" if rule.staff else ""]
    flags = ["own" if rule.own else "", "stepUp" if rule.step_up else ""]
    return " ".join(part for part in [*parts, *flags] if part)


def test_who_may_use_what() -> None:
    told = {where: written(rule) for where, rule in rules(schema) if isinstance(rule, Rule)}

    wanted = (line.split(maxsplit=1) for line in TABLE.strip().splitlines())
    assert told == {where: rule.strip() for where, rule in wanted}


def test_the_rest_is_seen_through_what_holds_it() -> None:
    rest = {rule for _, rule in rules(schema) if not isinstance(rule, Rule)}

    assert rest == SEEN_THROUGH_ITS_HOLDER


def test_the_published_schema_is_the_real_one() -> None:
    assert (ROOT / "schema.graphql").read_text() == printed(schema)


def test_every_root_field_shows_its_rule() -> None:
    for root in ("Query", "Mutation", "Subscription"):
        body = printed(schema).split(f"\ntype {root} {{")[1].split("\n}")[0]
        fields = [line for line in body.splitlines() if line.startswith("  ") and "):" in line]
        assert fields
        assert all("@access(level:" in line for line in fields)


@strawberry.type
class Diary:
    """Nobody said who may read it."""

    page: str = "dear diary"


def test_a_type_without_a_rule_stops_the_application() -> None:
    @value
    class Careless:
        """Shows a diary."""

        @query(access.PUBLIC)
        async def diary(self) -> Diary:
            """Read it."""
            return Diary()

    with pytest.raises(Undeclared, match="Diary"):
        build(queries=(Careless,), mutations=graph.MUTATIONS)


def test_a_root_field_without_a_rule_stops_the_application() -> None:
    @value
    class Careless:
        """Forgets to ask."""

        @strawberry.field
        async def diary(self) -> str:
            return "dear diary"

    with pytest.raises(Undeclared, match=r"Query\.diary"):
        build(queries=(Careless,), mutations=graph.MUTATIONS)


def test_an_account_rule_needs_to_know_the_account() -> None:
    with pytest.raises(TypeError):
        query(access.MEMBER)(lambda self: None)


def test_an_inherited_declaration_is_none() -> None:
    @node(access.PUBLIC)
    class Open:
        """Everybody's."""

        page: str

    @strawberry.type
    class Hidden(Open):
        """Declared by nobody."""

        secret: str = "x"

    @value
    class Careless:
        """Shows it."""

        @query(access.PUBLIC)
        async def hidden(self) -> Hidden:
            """Read it."""
            return Hidden(page="x")

    with pytest.raises(Undeclared, match="Hidden"):
        build(queries=(Careless,), mutations=graph.MUTATIONS)


async def test_staff_only_fields_are_refused_to_customers_one_by_one(
    app: Application, bob: Person, sam: Person
) -> None:
    (general,) = (await bob.asks("{ departments { id } }"))["departments"]
    opened = await bob.does(
        "mutation ($input: OpenTicketInput!) { openTicket(input: $input) { ticket { id } errors { code } } }",
        subject="x",
        body="y",
        departmentId=general["id"],
    )
    ask = "query ($id: ID!) { ticket(id: $id) { subject openerEmail messages { nodes { ip authorEmail body } } } }"
    id = opened["ticket"]["id"]

    refused = await bob.tries(ask, id=id)
    told = await sam.asks(ask, id=id)

    assert [error["extensions"]["code"] for error in refused["errors"]] == ["FORBIDDEN"] * 3
    assert refused["data"]["ticket"] == {
        "subject": "x",
        "openerEmail": None,
        "messages": {"nodes": [{"ip": None, "authorEmail": None, "body": "y"}]},
    }
    assert told["ticket"]["openerEmail"] == "bob@x.example"
