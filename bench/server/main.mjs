// The process of the server, which listens on a port for each HTTP version and reports its counters.
import { handleCommands } from "../harness/handle-commands.mjs";
import { createHttp1Server } from "./http1.mjs";
import { createHttp2Server } from "./http2.mjs";

const counters = {
  http1: { connections: 0, requests: 0 },
  http2: { connections: 0, requests: 0 },
};

async function listen(server) {
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${server.address().port}`;
}

handleCommands({
  async listen() {
    return {
      http1: await listen(createHttp1Server(counters.http1)),
      http2: await listen(createHttp2Server(counters.http2)),
    };
  },
  counters() {
    const { user, system } = process.cpuUsage();
    return { ...counters, cpuUs: user + system };
  },
});
