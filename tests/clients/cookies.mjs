// A cookie in place of a token, as in a browser: graphql-request, with a jar round its fetch.
import makeFetchCookie from "fetch-cookie";
import { ClientError, GraphQLClient } from "graphql-request";
import { LOGIN, REPLY, TICKETS } from "./operations.mjs";
import { account, email, password, tell, ticket, url } from "./scene.mjs";

const jar = new makeFetchCookie.toughCookie.CookieJar();
const client = new GraphQLClient(url, {
  fetch: makeFetchCookie(fetch, jar),
  headers: { origin: new URL(url).origin }, // a browser says so by itself
});
const codeOf = (asked) =>
  asked.catch((error) => {
    if (!(error instanceof ClientError)) throw error;
    return error.response.errors[0].extensions.code;
  });

const { login } = await client.request(LOGIN, { input: { email, password, transport: "COOKIE" } });

const { tickets } = await client.request(TICKETS, { first: 1 }, { "X-Account-Id": account });
const reply = (body) => client.request(REPLY, { input: { ticketId: ticket, body } });
const { replyToTicket: refused } = await reply("");
const { replyToTicket: replied } = await reply("Hello");
const denied = await codeOf(client.request(TICKETS));
const malformed = await codeOf(client.request(TICKETS, { first: "x" }));
const abroad = await codeOf(
  client.request(REPLY, { input: { ticketId: ticket, body: "Psst" } }, { origin: "https://evil.example" }),
);

const [{ key, httpOnly, sameSite, secure }] = await jar.getCookies(url);
const cookie = { key, httpOnly, sameSite, secure };
const sent = { token: login.sessionToken, cookie };
tell({ login, tickets, refused, denied, malformed, replied: replied.message.body, abroad, ...sent });
