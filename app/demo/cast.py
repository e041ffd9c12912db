"""Who lives in the demo world: all addresses end in `.example`, so mail to them reaches nobody (RFC 2606)."""

from typing import Final

from app.kit.frozen import frozen

SOMEWHERE: Final = ".example"
LAPTOP: Final = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 "
    "(KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"
)
DESK: Final = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
PHONE: Final = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1"
)

ACME: Final = "Acme Hosting"
BAKERY: Final = "Nordlicht Bäckerei"
KEPLER: Final = "Kepler Robotics"


@frozen
class Player:
    """Somebody who can sign in, what they are there to show, and from where they come."""

    first: str
    last: str
    email: str
    shows: str
    locale: str = "en"
    time_zone: str = "UTC"
    ip: str = "192.0.2.10"
    browser: str = LAPTOP

    @property
    def name(self) -> str:
        """How others see the name."""
        return f"{self.first} {self.last}"


NORA: Final = Player(
    "Nora",
    "Whitfield",
    "nora@acme.example",
    f"owns {ACME}",
    time_zone="Europe/London",
)
MATEO: Final = Player(
    "Mateo",
    "Rivas",
    "mateo@acme.example",
    f"manages the users of {ACME}; {KEPLER} has invited him",
    time_zone="Europe/Madrid",
    ip="192.0.2.24",
)
TOM: Final = Player(
    "Tom",
    "Hadley",
    "tom@hadley.example",
    f"left {ACME}: his old messages keep their badge, and tell that he is gone",
    ip="198.51.100.7",
    browser=PHONE,
)
JONAS: Final = Player(
    "Jonas",
    "Petersen",
    "jonas@nordlicht.example",
    f"owns {BAKERY}, in German",
    locale="de",
    time_zone="Europe/Berlin",
    ip="203.0.113.41",
    browser=DESK,
)
LENA: Final = Player(
    "Lena",
    "Brandt",
    "lena@nordlicht.example",
    f"suspended in {BAKERY}",
    locale="de",
    time_zone="Europe/Berlin",
    ip="203.0.113.42",
    browser=PHONE,
)
WEI: Final = Player(
    "Wei",
    "Zhang",
    "wei@kepler.example",
    f"owns {KEPLER}",
    time_zone="Asia/Singapore",
    ip="198.51.100.90",
    browser=DESK,
)
IRIS: Final = Player(
    "Iris",
    "Falk",
    "iris@studio-falk.example",
    f"an agency: works in all three accounts, in {KEPLER} until her contract ends",
    time_zone="Europe/Vienna",
    ip="203.0.113.200",
)
OSKAR: Final = Player(
    "Oskar",
    "Lind",
    "oskar@keyfob.example",
    "support staff, an agent",
    time_zone="Europe/Stockholm",
    ip="192.0.2.200",
    browser=DESK,
)
GRACE: Final = Player(
    "Grace",
    "Adeyemi",
    "grace@keyfob.example",
    "support staff, an admin",
    time_zone="Africa/Lagos",
    ip="192.0.2.201",
)
CAST: Final = (NORA, MATEO, TOM, JONAS, LENA, WEI, IRIS, OSKAR, GRACE)

NEWCOMER: Final = "finn@acme.example"
FORMER_COLLEAGUE: Final = "paula@acme.example"
FREELANCER: Final = "karl@freelance.example"
