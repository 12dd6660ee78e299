import { certificateLines, grpcPass, trustByEnvironment } from "./fronts.js";
import type { Network } from "./network.js";

/** Networks with TLS whose certificates no system trusts. */
export const certificateNetworks: readonly Network[] = [
  {
    id: "private-ca",
    name: "private CA",
    setting: "nginx with a certificate of a private CA",
    async open({ certificates, startServer, startNginx }) {
      const server = await startServer("localhost");
      const lines = [...certificateLines(certificates), ...grpcPass(server, "https")];
      const { port } = await startNginx({ listen: "ssl http2", lines });
      const options = { baseUrl: `https://localhost:${port}` };
      return {
        server,
        ways: [{ name: "NODE_EXTRA_CA_CERTS", options, env: trustByEnvironment(certificates) }],
      };
    },
  },
];
