"""What is asked of every contestant."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import orjson

BODY: Final = "Thank you, that was it. The shop answers again since an hour; please close."
DOCUMENTS: Final = {
    "page": """query TicketPage($id: ID!) { ticket(id: $id) {
  id number subject status priority isLocked createdAt account { id name }
  messages(first: 50) { nodes { id body via createdAt author { __typename id displayName }
    badge { relationship label verified current } } pageInfo { hasNextPage endCursor } } } }""",
    "chooser": """query Chooser { accounts(first: 20) { nodes { id name status openTicketCount
  owner { id displayName } viewerPermissions viewerMembership { id isOwner } } } }""",
    "reply": """mutation Reply($input: ReplyToTicketInput!) { replyToTicket(input: $input) {
  message { body via author { __typename displayName } badge { relationship label verified current } }
  ticket { id status } errors { code message path } } }""",
    "tickets": """query Tickets($account: ID!) { tickets(accountId: $account, first: 20) { nodes {
  id number subject status priority updatedAt opener { __typename displayName }
  openerBadge { relationship current } } pageInfo { hasNextPage endCursor } } }""",
    "me": """query Me { me { id email displayName locale user { id displayName initials }
  operator { id } session { id isCurrent } } }""",
    "log": """query Log($account: ID!) { account(id: $account) { id auditEvents(first: 50) { nodes {
  id sequence action summary via outcome createdAt hash targets { targetId type label }
  actor { __typename displayName } } pageInfo { hasNextPage } } } }""",
}
NAMES: Final = {
    "page": "TicketPage",
    "chooser": "Chooser",
    "reply": "Reply",
    "tickets": "Tickets",
    "me": "Me",
    "log": "Log",
}


@dataclass(frozen=True, slots=True)
class Asker:
    """Somebody with a session, an account of theirs, and in it one ticket to read and one to reply to."""

    secret: str
    account: str
    read: str
    reply: str

    def variables(self, question: str) -> Mapping[str, object]:
        """Fill in a question."""
        match question:
            case "page":
                return {"id": self.read}
            case "reply":
                return {"input": {"ticketId": self.reply, "body": BODY}}
            case "tickets" | "log":
                return {"account": self.account}
            case _:
                return {}

    def document(self, question: str) -> str:
        """Choose the words of a question."""
        return DOCUMENTS[question]

    def body(self, question: str) -> bytes:
        """Write what is sent."""
        return orjson.dumps(
            {
                "query": self.document(question),
                "operationName": NAMES[question],
                "variables": self.variables(question),
            }
        )
