// PostGraphile 5 over the same tables, seen through row level security; the session is looked up in SQL.
import { createServer } from "node:http";
import { postgraphile } from "postgraphile";
import { makePgService } from "postgraphile/adaptors/pg";
import { grafserv } from "postgraphile/grafserv/node";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";

const { KEYFOB_DATABASE_URL, KEYFOB_DATABASE_POOL_SIZE } = process.env;
const context = ({ node }) => ({
  pgSettings: {
    role: "bench_reader",
    "app.token": (node.req.headers.authorization ?? "").slice("Bearer ".length),
  },
});

const preset = {
  extends: [PostGraphileAmberPreset],
  pgServices: [
    makePgService({
      connectionString: KEYFOB_DATABASE_URL,
      schemas: ["public"],
      poolConfig: { max: Number(KEYFOB_DATABASE_POOL_SIZE) },
    }),
  ],
  grafast: { context, explain: false },
  grafserv: { graphqlPath: "/graphql", graphiql: false, watch: false },
};

const instance = postgraphile(preset);
const server = createServer();
await instance.createServ(grafserv).addTo(server);
server.listen(Number(process.argv[2]), "127.0.0.1");
