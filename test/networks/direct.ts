import type { Network } from "./network.js";

/** Networks without anything between the client and the server. */
export const directNetworks: readonly Network[] = [
  {
    id: "direct",
    name: "direct",
    setting: "plain HTTP on this machine",
    async open({ startServer }) {
      const server = await startServer("localhost");
      const options = { baseUrl: `http://localhost:${server.port}` };
      return {
        server,
        ways: [{ name: "baseUrl", options }],
        [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
      };
    },
  },
];
