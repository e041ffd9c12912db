"""Where the files are that come with the code: beside it in a checkout, within it in a wheel."""

from pathlib import Path

PACKAGE = Path(__file__).parents[1]


def email_templates() -> Path:
    """Return the folder of the mail templates."""
    return _place("email_templates")


def schema() -> Path:
    """Return the published schema, `schema.graphql`."""
    return _place("schema.graphql")


def graphiql() -> Path:
    """Return the folder of GraphiQL's page, its scripts and the list of what it is made of."""
    return PACKAGE / "web" / "graphiql"


def _place(name: str) -> Path:
    inside = PACKAGE / name
    return inside if inside.exists() else PACKAGE.parent / name
