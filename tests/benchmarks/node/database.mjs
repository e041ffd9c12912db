// PostgreSQL: the floor's own statements, which whoever starts us hands over, and rows as arrays.
import { createHash } from "node:crypto";
import pg from "pg";

const { KEYFOB_DATABASE_URL, KEYFOB_DATABASE_POOL_SIZE, BENCH_STATEMENTS } = process.env;
const [BIGINT, TIMESTAMPTZ] = [20, 1184];
const STATEMENTS = JSON.parse(BENCH_STATEMENTS);

// 2026-11-25 06:46:41.25+00 is shown as 2026-11-25T06:46:41.250Z
const moment = (text) =>
  `${text.slice(0, 10)}T${text.slice(11, 19)}.${text.slice(20, -3).padEnd(3, "0").slice(0, 3)}Z`;

pg.types.setTypeParser(BIGINT, Number);
pg.types.setTypeParser(TIMESTAMPTZ, moment);

export const pool = new pg.Pool({
  connectionString: KEYFOB_DATABASE_URL,
  max: Number(KEYFOB_DATABASE_POOL_SIZE),
  options: "-c timezone=UTC",
});

// Statements are prepared, each once a connection.
export const run = async (name, text, values, connection = pool) =>
  (await connection.query({ name, text, values, rowMode: "array" })).rows;

export const rows = (name, values, connection) => run(name, STATEMENTS[name], values, connection);

export const bearer = (headers) => (headers.authorization ?? "").slice("Bearer ".length);

// Who asks, and by which session; null for a stranger.
export const viewerOf = async (secret) => {
  const digest = createHash("sha256").update(secret).digest("hex");
  const [session] = await rows("SESSION", [digest]);
  return session ? { user: session[0], session: session[1] } : null;
};

export const transaction = async (work) => {
  const connection = await pool.connect();
  try {
    await connection.query("BEGIN");
    const done = await work(connection);
    await connection.query("COMMIT");
    return done;
  } catch (error) {
    await connection.query("ROLLBACK");
    throw error;
  } finally {
    connection.release();
  }
};
