import { lookup } from "node:dns/promises";
import { certificateLines, grpcPass, trustByEnvironment } from "./fronts.js";
import type { Network, OpenNetwork, ClientSetup } from "./network.js";
import { internalHost, type Parts } from "./parts.js";

interface User {
  readonly name: string;
  readonly password: string;
}

/** Networks in which only a proxy knows the address of the server. */
export const proxyNetworks: readonly Network[] = [
  {
    id: "proxy",
    name: "CONNECT proxy",
    setting: "squid, which alone knows the address of the server",
    open: (parts) => openProxy(parts),
  },
  {
    id: "proxy-credentials",
    name: "CONNECT proxy with credentials",
    setting: "the same; squid asks for a user name and a password",
    open: (parts) => openProxy(parts, { name: "driver", password: "p@ss:w/rd" }),
  },
];

async function openProxy(parts: Parts, user?: User): Promise<OpenNetwork> {
  await expectUnknown(internalHost);
  const { certificates, startNginx, startServer, startSquid } = parts;
  const server = await startServer(internalHost);
  const nginx = await startNginx({
    listen: "ssl http2",
    lines: [...certificateLines(certificates, internalHost), ...grpcPass(server, "https")],
  });
  const squid = await startSquid({
    hosts: [internalHost],
    connectPorts: [nginx.port, server.port],
    ...(user && { user }),
  });
  const login = user ? `${user.name}:${encodeURIComponent(user.password)}@` : "";
  const proxy = `http://${login}127.0.0.1:${squid.port}`;
  const secure = { baseUrl: `https://${internalHost}:${nginx.port}` };
  const plain = { baseUrl: `http://${internalHost}:${server.port}`, allowInsecureAuth: true };
  const trust = trustByEnvironment(certificates);
  const setups: ClientSetup[] = [
    { name: "`HTTPS_PROXY`", options: secure, env: { ...trust, HTTPS_PROXY: proxy } },
    { name: "`proxy`", options: { ...secure, proxy }, env: trust },
    { name: "`HTTP_PROXY`, server without TLS", options: plain, env: { HTTP_PROXY: proxy } },
  ];
  return {
    server,
    setups,
    async findStrays() {
      const entries = await squid.stopAndReadLog();
      const peers = await nginx.stopAndReadPeerPorts();
      const expectedUser = user?.name ?? "-";
      const tunnels = entries.filter(
        ({ method, target, status, user: name }) =>
          method === "CONNECT" &&
          target === `${internalHost}:${nginx.port}` &&
          status === 200 &&
          name === expectedUser,
      );
      const known = new Set(tunnels.map(({ ownPort }) => ownPort));
      const strays = peers.filter((port) => !known.has(port));
      return [
        ...(peers.length === 0 ? ["no request reached nginx"] : []),
        ...(strays.length > 0
          ? [`${strays.length} of ${peers.length} requests did not come through a tunnel of squid`]
          : []),
      ];
    },
  };
}

/** Checks that this machine cannot find the host by itself. */
async function expectUnknown(host: string): Promise<void> {
  const found = await lookup(host).catch(() => undefined);
  if (found !== undefined) {
    throw new Error(`this machine knows ${host} (${found.address}); only a proxy may know it`);
  }
}
