import { certificateLines, grpcPass } from "./fronts.js";
import type { Network } from "./network.js";
import { internalHost } from "./parts.js";

const instanceHost = "acme.example";

/** Networks in which the server has another address than its instance. */
export const internalAddressNetworks: readonly Network[] = [
  {
    id: "internal-address",
    name: "internal address",
    setting: `nothing, nginx or squid; the instance is \`${instanceHost}\``,
    async open({ certificates, startServer, startNginx, startSquid }) {
      const server = await startServer(instanceHost);
      // ZITADEL behind TLS calls itself https:, although it is reached without TLS.
      const external = await startNginx({
        listen: "ssl http2",
        lines: [...certificateLines(certificates), ...grpcPass(server, "https")],
      });
      const squid = await startSquid({ hosts: [internalHost], connectPorts: [server.port] });
      const plain = { baseUrl: `http://localhost:${server.port}`, instanceHost };
      const secure = {
        baseUrl: `https://localhost:${external.port}`,
        instanceHost,
        tls: { ca: certificates.ca },
      };
      const proxied = {
        baseUrl: `http://${internalHost}:${server.port}`,
        allowInsecureAuth: true,
        instanceHost,
        proxy: `http://127.0.0.1:${squid.port}`,
      };
      return {
        server,
        setups: [
          { name: "`instanceHost`", options: plain },
          { name: "`instanceHost` with TLS", options: secure },
          { name: "`instanceHost` with `proxy`", options: proxied },
        ],
      };
    },
  },
];
