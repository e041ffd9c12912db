// What a script is told by the test, and what it tells.
const { KEYFOB_URL, KEYFOB_EMAIL, KEYFOB_PASSWORD, KEYFOB_ACCOUNT, KEYFOB_TICKET } = process.env;

export const url = KEYFOB_URL;
export const socketUrl = KEYFOB_URL.replace("http", "ws");
export const email = KEYFOB_EMAIL;
export const password = KEYFOB_PASSWORD;
export const account = KEYFOB_ACCOUNT;
export const ticket = KEYFOB_TICKET;

// Gathers what is said in a ticket. After the first and the third the test takes the connection away, and
// has two speak meanwhile; the sixth to speak is this client, when it has heard the others.
export class Listener {
  bodies = [];
  done = new Promise((resolve, reject) => Object.assign(this, { resolve, fail: reject }));

  constructor(reply) {
    this.reply = reply;
  }

  hear({ message }) {
    const heard = this.bodies.push(message.body);
    if (heard === 1 || heard === 3) console.log(heard);
    if (heard === 5) this.reply("Six").catch(this.fail);
    if (heard === 6) this.resolve(this.bodies);
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
