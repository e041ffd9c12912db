// Relay: a network layer made of fetch and a socket, under an environment with a store.
import { createClient } from "graphql-ws";
import relay from "relay-runtime";
import WebSocket from "ws";
import FOLLOW from "./__generated__/relayOperationsFollowSubscription.graphql.js";
import LOGIN from "./__generated__/relayOperationsLoginMutation.graphql.js";
import REPLY from "./__generated__/relayOperationsReplyMutation.graphql.js";
import TICKETS from "./__generated__/relayOperationsTicketsQuery.graphql.js";
import { patient, resuming } from "./resuming.mjs";
import { account, email, Listener, password, socketUrl, tell, ticket, url } from "./scene.mjs";

const { commitMutation, Environment, fetchQuery, requestSubscription } = relay;
const { Network, Observable, RecordSource, Store } = relay;

let token;
const authorization = () => (token ? { authorization: `Bearer ${token}` } : {});
async function send({ text: query }, variables, { metadata: extensions }) {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...authorization() },
    body: JSON.stringify({ query, variables, extensions }),
  });
  const answer = await response.json();
  if (!answer.errors) return answer;
  const [{ message, extensions: details }] = answer.errors;
  throw Object.assign(new Error(message), details); // Relay itself does not pass codes on
}
const socket = createClient({
  url: socketUrl,
  webSocketImpl: WebSocket, // for Node before 22
  connectionParams: authorization,
  ...patient,
});
const follow = ({ text: query }, variables) =>
  Observable.create((sink) => resuming(socket).subscribe({ query, variables }, sink));
const environment = new Environment({
  network: Network.create(send, follow),
  store: new Store(new RecordSource()),
});

const query = (document, variables, extensions) =>
  fetchQuery(environment, document, variables, {
    networkCacheConfig: { metadata: extensions },
  }).toPromise();
const mutate = (mutation, input) =>
  new Promise((onCompleted, onError) => {
    commitMutation(environment, { mutation, variables: { input }, onCompleted, onError });
  });
const codeOf = (asked) => asked.catch((error) => error.code);

const { login } = await mutate(LOGIN, { email, password });
token = login.sessionToken;

const { tickets } = await query(TICKETS, { first: 1 }, { accountId: account });
const reply = (body) => mutate(REPLY, { ticketId: ticket, body });
const { replyToTicket: refused } = await reply("");
const denied = await codeOf(query(TICKETS, {}));
const malformed = await codeOf(query(TICKETS, { first: "x" }));

const listener = new Listener(reply);
const following = requestSubscription(environment, {
  subscription: FOLLOW,
  variables: { ticket },
  onNext: ({ ticketUpdated }) => listener.hear(ticketUpdated),
  onError: listener.fail,
});
const heard = await listener.done;
following.dispose();
const kept = environment.getStore().getSource().get(ticket).subject;

tell({ login, tickets, refused, denied, malformed, heard, kept });
