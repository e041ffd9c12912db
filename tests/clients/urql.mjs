// urql: HTTP for what is asked, a WebSocket for what is followed.
import { cacheExchange, Client, fetchExchange, subscriptionExchange } from "@urql/core";
import { createClient } from "graphql-ws";
import WebSocket from "ws";
import { FOLLOW, LOGIN, REPLY, TICKETS } from "./operations.mjs";
import { patient, resuming } from "./resuming.mjs";
import { account, email, Listener, password, socketUrl, tell, ticket, url } from "./scene.mjs";

let token;
const authorization = () => (token ? { authorization: `Bearer ${token}` } : {});
const socket = createClient({
  url: socketUrl,
  webSocketImpl: WebSocket, // for Node before 22
  connectionParams: authorization,
  ...patient,
});
const forwardSubscription = ({ query, variables }) => ({
  subscribe: (sink) => ({ unsubscribe: resuming(socket).subscribe({ query, variables }, sink) }),
});
const client = new Client({
  url,
  preferGetMethod: false, // else variables, an invite's secret too, are in addresses that proxies log
  fetchOptions: () => ({ headers: authorization() }),
  exchanges: [cacheExchange, fetchExchange, subscriptionExchange({ forwardSubscription })],
});

const mutate = async (document, input) => (await client.mutation(document, { input })).data;
const codeOf = async (asked) => (await asked).error.graphQLErrors[0].extensions.code;

const { login } = await mutate(LOGIN, { email, password });
token = login.sessionToken;

const fetchOptions = () => ({ headers: { ...authorization(), "X-Account-Id": account } });
const { tickets } = (await client.query(TICKETS, { first: 1 }, { fetchOptions })).data;
const reply = (body) => mutate(REPLY, { ticketId: ticket, body });
const { replyToTicket: refused } = await reply("");
const denied = await codeOf(client.query(TICKETS, {}));
const malformed = await codeOf(client.query(TICKETS, { first: "x" }));

const listener = new Listener(reply);
const following = client
  .subscription(FOLLOW, { ticket })
  .subscribe(({ data, error }) => (error ? listener.fail(error) : listener.hear(data.ticketUpdated)));
const heard = await listener.done;
following.unsubscribe();

tell({ login, tickets, refused, denied, malformed, heard });
