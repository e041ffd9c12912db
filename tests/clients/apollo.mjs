// Apollo Client: HTTP for what is asked, a WebSocket for what is followed.
import {
  ApolloClient,
  ApolloLink,
  CombinedGraphQLErrors,
  gql,
  HttpLink,
  InMemoryCache,
} from "@apollo/client/core";
import { GraphQLWsLink } from "@apollo/client/link/subscriptions";
import { createClient } from "graphql-ws";
import WebSocket from "ws";
import { FOLLOW, LOGIN, REPLY, TICKETS } from "./operations.mjs";
import { patient, resuming } from "./resuming.mjs";
import { account, email, Listener, password, socketUrl, tell, ticket, url } from "./scene.mjs";

let token;
const authorization = () => (token ? { authorization: `Bearer ${token}` } : {});
const signed = new ApolloLink((operation, forward) => {
  operation.setContext(({ headers }) => ({ headers: { ...authorization(), ...headers } }));
  return forward(operation);
});
const socket = createClient({
  url: socketUrl,
  webSocketImpl: WebSocket, // for Node before 22
  connectionParams: authorization,
  ...patient,
});
const client = new ApolloClient({
  cache: new InMemoryCache(),
  link: ApolloLink.split(
    ({ operationType }) => operationType === "subscription",
    new GraphQLWsLink(resuming(socket)),
    signed.concat(new HttpLink({ uri: url })),
  ),
});

const query = async (document, variables, context) =>
  (await client.query({ query: gql(document), variables, context })).data;
const mutate = async (document, input) =>
  (await client.mutate({ mutation: gql(document), variables: { input } })).data;
const codeOf = (asked) =>
  asked.catch((error) => {
    if (!CombinedGraphQLErrors.is(error)) throw error;
    return error.errors[0].extensions.code;
  });

const { login } = await mutate(LOGIN, { email, password });
token = login.sessionToken;

const { tickets } = await query(TICKETS, { first: 1 }, { headers: { "X-Account-Id": account } });
const reply = (body) => mutate(REPLY, { ticketId: ticket, body });
const { replyToTicket: refused } = await reply("");
const denied = await codeOf(query(TICKETS));
const malformed = await codeOf(query(TICKETS, { first: "x" }));

const listener = new Listener(reply);
const following = client
  .subscribe({ query: gql(FOLLOW), variables: { ticket } })
  .subscribe({
    next: ({ data, error }) => (error ? listener.fail(error) : listener.hear(data.ticketUpdated)),
  });
const heard = await listener.done;
following.unsubscribe();
client.stop();

tell({ login, tickets, refused, denied, malformed, heard });
