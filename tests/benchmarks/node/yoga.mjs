// graphql-yoga with DataLoader: a resolver for whatever is looked up, and its own caches of documents.
import { createServer } from "node:http";
import { createSchema, createYoga } from "graphql-yoga";
import { bearer, run, viewerOf } from "./database.mjs";
import { read, shown, shownOften } from "./keys.mjs";
import { loaders } from "./loaders.mjs";
import { DateTime, typeDefs } from "./schema.mjs";
import { badgeOf, endOf, listed, permitted, PRIORITIES, TICKETS } from "./words.mjs";

const TICKET = `SELECT id, account_id, number, subject, status, priority, is_locked, created_at
  FROM tickets WHERE id = $1`;
const MESSAGES = `SELECT id, account_id, author_id, operator_id, body, via, created_at, relationship, verified
  FROM ticket_messages WHERE ticket_id = $1 AND NOT internal ORDER BY created_at, id LIMIT $2`;
const HELD = `SELECT m.account_id FROM memberships m JOIN accounts a ON a.id = m.account_id
  WHERE m.user_id = $1 AND m.status <> 'ENDED' ORDER BY a.name_key, m.id LIMIT $2`;

const ticket = async (_, { id }, context) => {
  const key = read("tkt", id);
  const [row] = context.viewer && key ? await run("ticket", TICKET, [key]) : [];
  if (!row) return null;
  const { status: state } = await accountOf(row[1], context);
  const held = await place(row[1], context);
  if (state === "CLOSED" || !held || !(held.owns || held.mask & TICKETS)) return null;
  const [, account, number, subject, status, priority, isLocked, createdAt] = row;
  const about = { number, subject, status, priority: PRIORITIES[priority], isLocked, createdAt };
  return { key, accountKey: account, id, ...about };
};

const accountOf = async (key, { accounts }) => {
  const [, name, status, owner] = await accounts.load(key);
  return { key, name, status, owner };
};

// The viewer's membership in an account.
const place = async (account, context) => {
  const { viewer, members } = context;
  const row = await members.load([account, viewer.user]);
  const { owner } = await accountOf(account, context);
  return row && { id: row[1], mask: row[2], owns: owner === viewer.user };
};

const held = async ({ key, status }, context) => {
  const found = await place(key, context);
  return found ? permitted(found.mask, found.owns, true, status) : 0;
};

const messages = async ({ key }, { first }) => {
  const found = await run("messages", MESSAGES, [key, first + 1]);
  const nodes = found.slice(0, first).map(message);
  const endCursor = nodes.length ? endOf(nodes.at(-1)) : null;
  return { nodes, pageInfo: { hasNextPage: found.length > first, endCursor } };
};

const message = ([key, account, user, operator, ...rest]) => {
  const [body, via, createdAt, frozen, verified] = rest;
  return { id: shown("msg", key), account, user, operator, body, via, createdAt, frozen, verified };
};

const author = async ({ user, operator }, _, { users, operators }) => {
  const [key, displayName] = await (user ? users.load(user) : operators.load(operator));
  const [__typename, prefix] = user ? ["User", "usr"] : ["Operator", "opr"];
  return { __typename, id: shownOften(prefix, key), displayName };
};

const badge = async ({ account, user, frozen, verified }, _, context) => {
  if (!user) return badgeOf(frozen, verified);
  const [row, { owner }] = await Promise.all([
    context.members.load([account, user]),
    accountOf(account, context),
  ]);
  return badgeOf(frozen, verified, Boolean(row), owner === user);
};

const accounts = async (_, { first }, context) => {
  if (!context.viewer) return null;
  const found = await run("held", HELD, [context.viewer.user, first + 1]);
  const shownOnes = found.slice(0, first).map(([key]) => accountOf(key, context));
  return { nodes: await Promise.all(shownOnes) };
};

const Account = {
  id: ({ key }) => shownOften("acc", key),
  openTicketCount: async (account, _, context) => {
    if (!((await held(account, context)) & TICKETS)) return null;
    return (await context.open.load(account.key))?.[1] ?? 0;
  },
  owner: async ({ owner }, _, { users }) => {
    const [key, displayName] = await users.load(owner);
    return { id: shownOften("usr", key), displayName };
  },
  viewerPermissions: async (account, _, context) => listed(await held(account, context)),
  viewerMembership: async ({ key }, _, context) => {
    const found = await place(key, context);
    return found && { id: shownOften("mem", found.id), isOwner: found.owns };
  },
};

const resolvers = {
  DateTime,
  Actor: { __resolveType: ({ __typename }) => __typename },
  Query: { ticket, accounts },
  Ticket: { messages, account: ({ accountKey }, _, context) => accountOf(accountKey, context) },
  TicketMessage: { author, badge },
  Account,
};
const context = async ({ request }) => {
  const viewer = await viewerOf(bearer({ authorization: request.headers.get("authorization") }));
  return { viewer, ...loaders() };
};

const yoga = createYoga({
  schema: createSchema({ typeDefs, resolvers }),
  context,
  logging: false,
  graphiql: false,
  landingPage: false,
});
createServer(yoga).listen(Number(process.argv[2]), "127.0.0.1");
