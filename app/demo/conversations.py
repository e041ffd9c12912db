"""What the companies have asked support, and what they were told."""

from typing import Final

from app.demo.cast import (
    ACME,
    BAKERY,
    GRACE,
    IRIS,
    JONAS,
    KEPLER,
    LENA,
    MATEO,
    NORA,
    OSKAR,
    TOM,
    WEI,
)
from app.demo.story import Story
from app.demo.talks import Topic, answers, closes, is_locked, notes, opens, replies
from models import TicketPriority, TicketStatus

MAIL: Final = Topic(ACME, "Mail to Outlook is rejected", TicketPriority.HIGH)
NAMES: Final = Topic(ACME, "New name servers for acme.example")
INVOICE: Final = Topic(ACME, "Charged twice for the same server")
SHOP: Final = Topic(BAKERY, "Der Warenkorb vergisst die Brötchen", TicketPriority.HIGH)
HOURS: Final = Topic(BAKERY, "Öffnungszeiten auf der Startseite", TicketPriority.LOW)
CHARTS: Final = Topic(KEPLER, "Telemetry charts time out", TicketPriority.HIGH)
BACKUPS: Final = Topic(KEPLER, "Backups in a second region")

ACME_TALKS: Final[Story] = (
    (
        30,
        "10:11",
        opens(IRIS, NAMES, "We move the domain next week. Which name servers do we enter?"),
    ),
    (30, "11:02", answers(OSKAR, NAMES, "`ns1.keyfob.example` and `ns2.keyfob.example`.")),
    (28, "09:45", replies(IRIS, NAMES, "Done, and it resolves everywhere. **Thank you!**")),
    (28, "09:46", closes(IRIS, NAMES)),
    (25, "08:30", opens(MATEO, INVOICE, "The statement lists `web-3` on two lines.")),
    (25, "14:05", notes(GRACE, INVOICE, "Our importer ran twice that night. Two others are hit.")),
    (
        24,
        "09:00",
        answers(
            GRACE,
            INVOICE,
            "You are right, and the second line is refunded. Please write to "
            "billing if it is not on your account by Friday.",
            TicketStatus.CLOSED,
        ),
    ),
    (24, "09:01", is_locked(INVOICE)),
    (
        18,
        "07:52",
        opens(
            TOM,
            MAIL,
            "Since this morning Outlook refuses our mail:\n\n"
            "> 550 5.7.1 Unfortunately, messages from [192.0.2.80] weren't sent.\n\n"
            "Is our address on a list?",
        ),
    ),
    (18, "08:20", notes(OSKAR, MAIL, "192.0.2.80 was on a blocklist last year, too.")),
    (18, "08:41", answers(OSKAR, MAIL, "It is. We have asked to be taken off; that takes a day.")),
    (17, "12:10", replies(NORA, MAIL, "Customers are calling. Can we send by another address?")),
    (
        17,
        "12:55",
        answers(
            OSKAR,
            MAIL,
            "Yes: from now on you send by `192.0.2.81`.\n\n1. Wait ten minutes.\n2. Try again.",
        ),
    ),
    (16, "07:30", replies(TOM, MAIL, "Works. I keep an eye on the queue this week.")),
    (3, "15:18", replies(IRIS, MAIL, "The newsletter came back again, with the same text.")),
    (2, "08:05", replies(MATEO, MAIL, "Tom has left us: please write to Iris and me from now on.")),
)
BAKERY_TALKS: Final[Story] = (
    (
        14,
        "05:35",
        opens(
            LENA, SHOP, "Wer Brötchen in den Warenkorb legt, findet ihn danach leer. Brot bleibt."
        ),
    ),
    (14, "08:00", answers(OSKAR, SHOP, "Danke! Passiert das auch in einem privaten Fenster?")),
    (13, "05:40", replies(LENA, SHOP, "Ja, auch am Telefon. Nur *Brötchen*, immer.")),
    (13, "09:25", answers(OSKAR, SHOP, "Gefunden: das ö im Namen. Ist behoben, bitte testen.")),
    (
        1,
        "06:10",
        opens(JONAS, HOURS, "Ab nächstem Monat öffnen wir sonntags um 7 Uhr. Wo ändere ich das?"),
    ),
)
KEPLER_TALKS: Final[Story] = (
    (11, "01:20", opens(WEI, CHARTS, "Anything over 24 hours: `504 Gateway Timeout`.")),
    (11, "07:45", notes(OSKAR, CHARTS, "Their robots write 40 times what they did in spring.")),
    (11, "07:58", answers(OSKAR, CHARTS, "We see it too, and are looking at the slow query.")),
    (10, "02:02", replies(WEI, CHARTS, "A demo for investors is on Thursday.")),
    (
        10,
        "07:30",
        answers(
            OSKAR,
            CHARTS,
            "A day's charts load in 2 s now; the rest waits for an index.",
            TicketStatus.ON_HOLD,
        ),
    ),
    (4, "10:40", opens(IRIS, BACKUPS, "Wei asks for copies outside the country. What is there?")),
    (4, "13:05", answers(GRACE, BACKUPS, "Helsinki and Lisbon. Shall we send Wei a quote?")),
    (3, "09:12", replies(IRIS, BACKUPS, "Both, please. I tell her.")),
)
CONVERSATIONS: Final = ACME_TALKS + BAKERY_TALKS + KEPLER_TALKS
