// A DataLoader for every thing that is looked up, new for each request, as its documentation says.
import DataLoader from "dataloader";
import { run } from "./database.mjs";

const NAME = "trim(u.first_name || ' ' || u.last_name)";
const LIVING = "status = 'ACTIVE' AND (expires_at IS NULL OR expires_at > now())";
const USERS = `SELECT u.id, ${NAME} FROM users u WHERE u.id = ANY($1)`;
const OPERATORS = `SELECT o.id, ${NAME} FROM operators o JOIN users u ON u.id = o.user_id
  WHERE o.id = ANY($1)`;
const ACCOUNTS = "SELECT id, name, status, owner_id FROM accounts WHERE id = ANY($1)";
const MEMBERS = `SELECT account_id, user_id, id, granted FROM memberships
  WHERE account_id = ANY($1) AND user_id = ANY($2) AND ${LIVING}`;
const OPEN = `SELECT account_id, count(*) FROM tickets
  WHERE account_id = ANY($1) AND status <> 'CLOSED' GROUP BY account_id`;

const pair = (account, user) => `${account} ${user}`;

// Rows in the order of their keys, which come first in them; null where there is none.
const ordered = (keys, found) => {
  const rows = new Map(found.map((row) => [row[0], row]));
  return keys.map((key) => rows.get(key) ?? null);
};

const byKey = (name, text) =>
  new DataLoader(async (keys) => ordered(keys, await run(name, text, [keys])));

const memberships = async (pairs) => {
  const values = [pairs.map(([account]) => account), pairs.map(([, user]) => user)];
  const found = await run("members", MEMBERS, values.map((each) => [...new Set(each)]));
  const keyed = found.map(([account, user, ...rest]) => [pair(account, user), ...rest]);
  return ordered(pairs.map((each) => pair(...each)), keyed);
};

export const loaders = () => ({
  users: byKey("users", USERS),
  operators: byKey("operators", OPERATORS),
  accounts: byKey("accounts", ACCOUNTS),
  open: byKey("open", OPEN),
  members: new DataLoader(memberships, { cacheKeyFn: (each) => pair(...each) }),
});
