"""A program that migrates a database and tells what it did."""

import asyncio
import sys

from app.database.migrations import migrate
from tests.database.opening import APPS

if __name__ == "__main__":
    asyncio.run(migrate(sys.argv[1], print, apps=APPS))
