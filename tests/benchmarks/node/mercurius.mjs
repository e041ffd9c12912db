// mercurius with its JIT, and statements that join by hand what a page needs. No guards, no limits, no codes of errors.
import fastify from "fastify";
import mercurius from "mercurius";
import { bearer, rows, viewerOf } from "./database.mjs";
import { read, shown, shownOften } from "./keys.mjs";
import { reply } from "./reply.mjs";
import { DateTime, typeDefs } from "./schema.mjs";
import { badgeOf, endOf, listed, permitted, PRIORITIES, TICKETS } from "./words.mjs";

const ticket = async (_, { id }, { viewer }) => {
  const key = read("tkt", id);
  const [row] = viewer && key ? await rows("TICKET", [viewer.user, key]) : [];
  if (!row || !(row[9] || row[10] & TICKETS)) return null;
  const [, number, subject, status, priority, isLocked, createdAt, account, name] = row;
  const about = { id, number, subject, status, priority: PRIORITIES[priority], isLocked, createdAt };
  return { key, ...about, account: { id: shownOften("acc", account), name } };
};

const messages = async ({ key }, { first }) => {
  const found = await rows("PAGE", [key]);
  const nodes = found.slice(0, first).map(message);
  const endCursor = nodes.length ? endOf(nodes.at(-1)) : null;
  return { nodes, pageInfo: { hasNextPage: found.length > first, endCursor } };
};

const message = ([key, body, via, createdAt, frozen, verified, ...rest]) => {
  const [user, name, operator, staff, living, owns] = rest;
  const author = user
    ? { __typename: "User", id: shownOften("usr", user), displayName: name }
    : { __typename: "Operator", id: shownOften("opr", operator), displayName: staff };
  const badge = badgeOf(frozen, verified, living, owns);
  return { id: shown("msg", key), body, via, createdAt, author, badge };
};

const accounts = async (_, { first }, { viewer }) =>
  viewer && { nodes: (await rows("CHOOSER", [viewer.user])).slice(0, first).map(account) };

const account = ([key, name, status, owner, ownerName, member, isOwner, mask, living, opened]) => {
  const held = permitted(mask, isOwner, living, status);
  return {
    id: shownOften("acc", key),
    name,
    status,
    openTicketCount: held & TICKETS ? opened : null,
    owner: { id: shownOften("usr", owner), displayName: ownerName },
    viewerPermissions: listed(held),
    viewerMembership: { id: shownOften("mem", member), isOwner },
  };
};

const resolvers = {
  DateTime,
  Actor: { resolveType: ({ __typename }) => __typename },
  Query: { ticket, accounts },
  Ticket: { messages },
  Mutation: { replyToTicket: (_, { input }, { viewer }) => reply(viewer, input) },
};
const context = async ({ headers }) => ({ viewer: await viewerOf(bearer(headers)) });

const app = fastify();
app.register(mercurius, { schema: typeDefs, resolvers, context, jit: 1 });
await app.listen({ port: Number(process.argv[2]), host: "127.0.0.1" });
