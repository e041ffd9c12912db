// What a script is told by the test, and what it tells.
const { KEYFOB_URL, KEYFOB_EMAIL, KEYFOB_PASSWORD, KEYFOB_ACCOUNT, KEYFOB_TICKET } = process.env;

export const url = KEYFOB_URL;
export const socketUrl = KEYFOB_URL.replace("http", "ws");
export const email = KEYFOB_EMAIL;
export const password = KEYFOB_PASSWORD;
export const account = KEYFOB_ACCOUNT;
export const ticket = KEYFOB_TICKET;

// Gathers what is said in a ticket until four have spoken. After the first, the test takes the connection
// away, and has two speak meanwhile; the fourth is this client, when it has heard them.
export class Listener {
  bodies = [];
  done = new Promise((resolve, reject) => Object.assign(this, { resolve, fail: reject }));

  constructor(reply) {
    this.reply = reply;
  }

  hear({ message }) {
    this.bodies.push(message.body);
    if (this.bodies.length === 1) console.log("listening");
    if (this.bodies.length === 3) this.reply("Four").catch(this.fail);
    if (this.bodies.length === 4) this.resolve(this.bodies);
  }
}

// One line: whatever was answered, without what a cache adds to it.
export const tell = ({ login, tickets, refused, ...more }) =>
  console.log(
    JSON.stringify({
      signedIn: login.me.email,
      tickets: tickets.nodes.map(({ subject }) => subject),
      totalCount: tickets.totalCount,
      hasNextPage: tickets.pageInfo.hasNextPage,
      refused: refused.errors.map(({ code, path }) => [code, ...path]),
      ...more,
    }),
  );
