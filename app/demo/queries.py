"""Three things to ask first, ready to be pasted: signing in, the account chooser, a ticket with badges."""

from typing import Final

from app.demo.cast import IRIS
from app.demo.world import World

CHOOSER: Final = """\
{
  accounts {
    edges {
      node { id name status openTicketCount }
      membership { isOwner permissions expiresAt }
    }
  }
}"""


def login(world: World) -> str:
    """Sign in as the agency, which has to choose among three accounts."""
    return f"""\
mutation {{
  login(input: {{email: "{IRIS.email}", password: "{world.password}"}}) {{
    sessionToken
    me {{ displayName }}
    session {{ pendingSteps }}
    errors {{ code message }}
  }}
}}"""


def ticket(world: World) -> str:
    """Read a ticket in which a former member wrote; `current` tells that they are gone."""
    return f"""\
{{
  ticket(id: "{world.ticket_id}") {{
    number
    subject
    status
    account {{ name }}
    messages {{
      nodes {{
        author {{ displayName }}
        badge {{ relationship label current }}
        body
      }}
    }}
  }}
}}"""


def headers(world: World) -> str:
    """Write what goes into GraphiQL's tab Headers, with a place for the token."""
    return f'{{"Authorization": "Bearer TOKEN", "X-Account-Id": "{world.account_id}"}}'
