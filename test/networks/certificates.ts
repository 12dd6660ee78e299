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
      const baseUrl = `https://localhost:${port}`;
      return {
        server,
        setups: [
          {
            name: "`NODE_EXTRA_CA_CERTS`",
            options: { baseUrl },
            env: trustByEnvironment(certificates),
          },
          { name: "`tls: { ca }`", options: { baseUrl, tls: { ca: certificates.ca } } },
        ],
      };
    },
  },
  {
    id: "mutual-tls",
    name: "mutual TLS",
    setting: "nginx with `ssl_verify_client on`; both certificates are of a private CA",
    async open({ certificates, startServer, startNginx }) {
      const server = await startServer("localhost");
      const lines = [
        ...certificateLines(certificates),
        `ssl_client_certificate ${certificates.caFile};`,
        "ssl_verify_client on;",
        ...grpcPass(server, "https"),
      ];
      const { port } = await startNginx({ listen: "ssl http2", lines });
      const baseUrl = `https://localhost:${port}`;
      const { ca, client } = certificates;
      return {
        server,
        setups: [
          { name: "`tls: { ca, cert, key }`", options: { baseUrl, tls: { ca, ...client } } },
        ],
      };
    },
  },
];
