// A reply: the lock, who is told, and everything that is written in one statement, the sealed event and the mail too.
import { createHash } from "node:crypto";
import { rows, transaction } from "./database.mjs";
import { read, shown, shownOften, uuid7 } from "./keys.mjs";
import { render } from "./letters.mjs";
import { badgeOf, TICKETS } from "./words.mjs";

const ADDRESS = "127.0.0.1";
const SITE = `http://${ADDRESS}:8000`;
const sha256 = (text) => createHash("sha256").update(text).digest("hex");

export const reply = (viewer, { ticketId, body }) =>
  transaction(async (connection) => {
    const key = read("tkt", ticketId);
    const [row] = viewer && key ? await rows("LOCK", [viewer.user, key], connection) : [];
    if (!row || row[1] || !(row[8] || row[9] & TICKETS)) return null;
    const locked = placeOf(row, { key, id: ticketId, body, session: viewer.session });
    const told = await rows("TOLD", [key, locked.account, viewer.user], connection);
    await rows("WRITE", [...written(locked), ...mailed(locked, told)], connection);
    return answer(locked);
  });

const placeOf = (row, asked) => {
  const [account, , number, subject, status, user, name, email, owns, , sequence, before] = row;
  const badge = owns ? "OWNER" : "AUTHORIZED_USER";
  const person = { user, name, email, owns, badge };
  return { account, number, subject, status, ...person, sequence: sequence + 1, before, ...asked };
};

const answer = ({ id, body, name, badge, owns }) => ({
  message: {
    ...{ body, via: "WEB", author: { __typename: "User", displayName: name } },
    badge: badgeOf(badge, true, true, owns),
  },
  ticket: { id, status: "CUSTOMER_REPLY" },
  errors: [],
});

const written = (place) => {
  const { key, account, user, name, email, badge, body, sequence } = place;
  const [message, request, now] = [uuid7(), uuid7(), new Date().toISOString()];
  const event = eventOf(place, message, request, now);
  const { sessionHint, targets, changes } = event;
  const said = [message, key, account, user, name, email, badge, body, ADDRESS, now];
  const kept = [JSON.stringify(targets), JSON.stringify(changes)];
  const noted = [uuid7(), sequence, shownOften("usr", user), sessionHint, ...kept, request];
  return [...said, ...noted, sha256(JSON.stringify(event)), JSON.stringify([event.account])];
};

// Its keys are in the order of the alphabet, as the seal wants them.
const eventOf = (place, message, requestId, now) => {
  const { key, account, user, name, badge, number, subject, status, session } = place;
  const ticket = shown("tkt", key);
  const changed = status !== "CUSTOMER_REPLY";
  return {
    account: shownOften("acc", account),
    action: "TICKET_REPLIED",
    actor: { id: shownOften("usr", user), kind: "USER", name },
    actorBadge: badge,
    changes: changed ? [{ after: "CUSTOMER_REPLY", before: status, field: "status" }] : [],
    createdAt: now.replace("Z", "+00:00"),
    outcome: "SUCCEEDED",
    permissionUsed: "TICKETS",
    previous: place.before,
    requestId,
    sequence: place.sequence,
    sessionHint: sha256(`session hint ${shownOften("ses", session)}`).slice(0, 12),
    targets: [
      { id: ticket, label: `${number} ${subject}`, type: "Ticket" },
      { id: shown("msg", message), label: number, type: "TicketMessage" },
    ],
    ticket,
    via: "WEB",
  };
};

const mailed = (place, told) => {
  const keys = told.map(() => uuid7());
  const letters = told.map(([, , , name]) =>
    render({ ...place, author: place.name, name, link: `${SITE}/tickets/${place.id}` }),
  );
  return [
    `<${place.id}@${ADDRESS}>`,
    keys,
    told.map(([, email]) => email),
    letters.map(({ subject }) => subject),
    letters.map(({ text }) => text),
    letters.map(({ html }) => html),
    keys.map((key) => `<${shown("eml", key)}@${ADDRESS}>`),
  ];
};
