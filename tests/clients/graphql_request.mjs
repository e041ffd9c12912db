// graphql-request: asking, with a token. It follows nothing.
import { ClientError, GraphQLClient } from "graphql-request";
import { LOGIN, REPLY, TICKETS } from "./operations.mjs";
import { account, email, password, tell, ticket, url } from "./scene.mjs";

const client = new GraphQLClient(url);
const codeOf = (asked) =>
  asked.catch((error) => {
    if (!(error instanceof ClientError)) throw error;
    return error.response.errors[0].extensions.code;
  });

const { login } = await client.request(LOGIN, { input: { email, password } });
client.setHeader("authorization", `Bearer ${login.sessionToken}`);

const { tickets } = await client.request(TICKETS, { first: 1 }, { "X-Account-Id": account });
const reply = (body) => client.request(REPLY, { input: { ticketId: ticket, body } });
const { replyToTicket: refused } = await reply("");
const { replyToTicket: replied } = await reply("Hello");
const denied = await codeOf(client.request(TICKETS));
const malformed = await codeOf(client.request(TICKETS, { first: "x" }));

tell({ login, tickets, refused, denied, malformed, replied: replied.message.body });
