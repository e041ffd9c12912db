// Starts GraphiQL on the address of this page.
"use strict";

const GREETING = `# Sign in, then put the session's secret into the Headers below:
#   {"Authorization": "Bearer ..."}
# and, to act in one account:
#   {"Authorization": "Bearer ...", "X-Account-Id": "acc_..."}
{
  server {
    version
    locales
  }
}
`;

// Over a WebSocket the headers travel in connection_init, under the names that Keyfob reads there.
function connectionParams(headers = {}) {
  const lower = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  return { authorization: lower["authorization"], accountId: lower["x-account-id"] };
}

function isSubscription(document, name) {
  return (document?.definitions ?? []).some(
    (definition) =>
      definition.operation === "subscription" && (!name || definition.name?.value === name),
  );
}

function start(place) {
  const url = location.origin + location.pathname;
  const send = GraphiQL.createFetcher({ url, subscriptionUrl: url.replace(/^http/, "ws") });
  const fetcher = (request, options) =>
    isSubscription(options?.documentAST, request.operationName)
      ? send(request, { ...options, headers: connectionParams(options.headers) })
      : send(request, options);
  ReactDOM.createRoot(place).render(
    React.createElement(GraphiQL, {
      fetcher,
      defaultQuery: GREETING,
      plugins: [GraphiQLPluginExplorer.explorerPlugin()],
      isHeadersEditorEnabled: true,
      shouldPersistHeaders: false, // a session's secret is not for the browser's storage
    }),
  );
}

const place = document.getElementById("graphiql");
if (window.React && window.ReactDOM && window.GraphiQL && window.GraphiQLPluginExplorer) {
  start(place);
} else {
  place.className = "failure";
  place.textContent =
    "GraphiQL's files did not arrive: is this machine offline? The API itself answers a POST to this address.";
}
