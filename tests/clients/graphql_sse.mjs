// graphql-sse alone: each operation is a stream of its own, over plain HTTP.
import { createClient } from "graphql-sse";
import { FOLLOW, LOGIN, REPLY, TICKETS } from "./operations.mjs";
import { patient, resuming } from "./resuming.mjs";
import { account, email, Listener, password, tell, ticket, url } from "./scene.mjs";

let token;
const client = createClient({
  url,
  headers: () => (token ? { authorization: `Bearer ${token}` } : {}),
  retryAttempts: Infinity,
  retry: patient.retryWait,
});

// The first answer; an array of errors is thrown, whether there was an answer beside it or not.
async function ask(query, variables, extensions) {
  for await (const { data, errors } of client.iterate({ query, variables, extensions })) {
    if (errors) throw errors;
    return data;
  }
}
const codeOf = (asked) => asked.catch(([error]) => error.extensions.code);

const { login } = await ask(LOGIN, { input: { email, password } });
token = login.sessionToken;

const { tickets } = await ask(TICKETS, { first: 1 }, { accountId: account });
const reply = (body) => ask(REPLY, { input: { ticketId: ticket, body } });
const { replyToTicket: refused } = await reply("");
const denied = await codeOf(ask(TICKETS));
const malformed = await codeOf(ask(TICKETS, { first: "x" }));

const listener = new Listener(reply);
const stop = resuming(client).subscribe(
  { query: FOLLOW, variables: { ticket } },
  { next: ({ data }) => listener.hear(data.ticketUpdated), error: listener.fail, complete() {} },
);
const heard = await listener.done;
stop();

tell({ login, tickets, refused, denied, malformed, heard });
