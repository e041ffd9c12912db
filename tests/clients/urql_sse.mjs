// urql without a WebSocket: what is followed comes as server-sent events.
import { cacheExchange, Client, fetchExchange } from "@urql/core";
import { FOLLOW, LOGIN, REPLY, TICKETS } from "./operations.mjs";
import { account, email, Listener, password, tell, ticket, url } from "./scene.mjs";

let token;
const authorization = () => (token ? { authorization: `Bearer ${token}` } : {});
const client = new Client({
  url,
  fetchOptions: () => ({ headers: authorization() }),
  fetchSubscriptions: true,
  exchanges: [cacheExchange, fetchExchange],
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
let following;
function follow(after) {
  following = client.subscription(FOLLOW, { ticket, after }).subscribe(({ data, error, hasNext }) => {
    if (error?.graphQLErrors.length) return listener.fail(error); // refused, or no longer allowed
    if (!hasNext) return setTimeout(follow, 500, after); // broken off: urql does not ask again
    after = data.ticketUpdated.cursor;
    return listener.hear(data.ticketUpdated);
  });
}
follow();
const heard = await listener.done;
following.unsubscribe();

tell({ login, tickets, refused, denied, malformed, heard });
