// graphql-ws alone: signing in, asking and following, all over WebSockets.
import { createClient } from "graphql-ws";
import WebSocket from "ws";
import { FOLLOW, LOGIN, REPLY, TICKETS } from "./operations.mjs";
import { patient, resuming } from "./resuming.mjs";
import { account, email, Listener, password, socketUrl, tell, ticket } from "./scene.mjs";

let token;
const client = createClient({
  url: socketUrl,
  webSocketImpl: WebSocket, // for Node before 22
  connectionParams: () => (token ? { authorization: `Bearer ${token}` } : {}),
  ...patient,
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
token = login.sessionToken; // is sent when the next socket is opened

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
