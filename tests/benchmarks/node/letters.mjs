// The mail about a reply, in English, written by hand: what Keyfob's template says, without a language of templates.
import { readFileSync } from "node:fs";
import { LABELS } from "./words.mjs";

const WIDTH = 78;
const PAGE = readFileSync(new URL("../../../email_templates/page.html", import.meta.url), "utf8");
const HEAD = PAGE.split("{% for block")[0].replace("{{ locale }}", "en").split("{{ subject }}");
const FOOT = "</main>\n</body>\n</html>";
const STYLE = PAGE.match(/style="([^"]+)"/)[1];
const REASON =
  "You get this mail because you take part in this ticket, or chose mail about all tickets.";
const ESCAPED = { "&": "&amp;", "<": "&lt;", ">": "&gt;", "'": "&#39;", '"': "&#34;" };

const escape = (text) => text.replace(/[&<>'"]/g, (character) => ESCAPED[character]);
const fact = (text) => `<bdi>${escape(text)}</bdi>`;

const wrapped = (text, indent = "") => {
  const lines = [indent];
  for (const word of text.split(" ")) {
    const line = lines.at(-1);
    if (line === indent) lines[lines.length - 1] += word;
    else if (line.length + 1 + word.length <= WIDTH) lines[lines.length - 1] += ` ${word}`;
    else lines.push(indent + word);
  }
  return lines.join("\n");
};

const quoted = (line) =>
  line.length <= WIDTH - 2 ? `> ${line}`.trimEnd() : wrapped(line, "> ");

export const render = ({ name, number, subject, author, badge, body, link }) => {
  const title = `[${number}] ${subject}`;
  const [label, lines] = [LABELS[badge], body.split(/\r\n|\n|\r/)];
  const text = [
    `Hello ${name},`,
    wrapped(`${author} (${label}) wrote in ticket ${number}:`),
    lines.map(quoted).join("\n"),
    `Open the ticket:\n${link}`,
    `-- \n${wrapped(REASON)}\n`,
  ];
  const html = [
    `<p class="paragraph">Hello ${fact(name)},</p>`,
    `<p class="paragraph">${fact(author)} (${fact(label)}) wrote in ticket ${fact(number)}:</p>`,
    `<blockquote dir="auto">${lines.map(escape).join("<br>")}</blockquote>`,
    `<p><a href="${link}" style="${STYLE}">Open the ticket</a></p>`,
    `<p class="plain"><a href="${link}">${link}</a></p>`,
    `<p class="small">${REASON}</p>`,
  ];
  const head = HEAD.join(escape(title));
  return { subject: title, text: text.join("\n\n"), html: `${head}${html.join("\n")}\n${FOOT}` };
};
