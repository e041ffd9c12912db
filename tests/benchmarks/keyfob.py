"""Keyfob as `keyfob serve` runs it, but for the postman: mail is a worker's job here, as in every contestant."""

import sys

from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext as Core

from app.commands import serving
from app.kit import settings
from app.main import create_app


def main() -> None:
    """Serve at a port, with `core` on graphql-core's executor, with `shared` beside others."""
    port, *words = sys.argv[1:]
    chosen = settings.load(port=int(port))
    app = create_app(chosen, sends_mail=False)
    if "core" in words:
        app.endpoint.desk.engine.executor = Core
    serving.run(app, serving.bind(chosen, shares="shared" in words))


if __name__ == "__main__":
    main()
