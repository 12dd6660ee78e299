import type { Network } from "./network.js";

/** Networks without a program between the client and the server. */
export const directNetworks: readonly Network[] = [
  {
    id: "direct",
    name: "direct",
    setting: "nothing",
    async open({ startServer }) {
      const server = await startServer("localhost");
      const options = { baseUrl: `http://localhost:${server.port}` };
      return { server, setups: [{ name: "none", options }] };
    },
  },
];
