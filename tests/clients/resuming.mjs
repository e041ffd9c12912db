// Subscriptions of graphql-ws and of graphql-sse that go on after the last cursor when they broke off.
export const resuming = (client) => ({
  subscribe(payload, sink) {
    const asked = { ...payload, variables: { ...payload.variables } };
    let isOver = false;
    let end;
    const next = (result) => {
      const [event] = Object.values(result.data ?? {});
      isOver = !event; // refused, or no longer allowed
      if (event) asked.variables.after = event.cursor;
      sink.next(result);
    };
    const complete = () => (isOver ? sink.complete() : setTimeout(begin, 1000 * Math.random()));
    function begin() {
      // Either client sends this very object again when it connects again.
      if (!isOver) end = client.subscribe(asked, { ...sink, next, complete });
    }
    begin();
    return () => {
      isOver = true;
      end();
    };
  },
});

// For ever, whatever went wrong, within 0.2 s, 0.4 s, … 20 s: by themselves they give up after five times.
export const patient = {
  retryAttempts: Infinity,
  shouldRetry: () => true,
  async retryWait(retries) {
    const most = Math.min(200 * 2 ** retries, 20_000);
    await new Promise((again) => setTimeout(again, most * Math.random())); // not all at once
  },
};
