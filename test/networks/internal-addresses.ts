import { certificateLines, grpcPass } from "./fronts.js";
import type { Network } from "./network.js";

const instanceHost = "acme.example";

/** Networks in which the server has another address than its instance. */
export const internalAddressNetworks: readonly Network[] = [
  {
    id: "internal-address",
    name: "internal address",
    setting: `nothing, or nginx; the instance is \`${instanceHost}\``,
    async open({ certificates, startServer, startNginx }) {
      const server = await startServer(instanceHost);
      // ZITADEL behind TLS calls itself https:, although it is reached without TLS.
      const external = await startNginx({
        listen: "ssl http2",
        lines: [...certificateLines(certificates), ...grpcPass(server, "https")],
      });
      const plain = { baseUrl: `http://localhost:${server.port}`, instanceHost };
      const secure = {
        baseUrl: `https://localhost:${external.port}`,
        instanceHost,
        tls: { ca: certificates.ca },
      };
      return {
        server,
        ways: [
          { name: "`instanceHost`", options: plain },
          { name: "`instanceHost` with TLS", options: secure },
        ],
      };
    },
  },
];
