import { createEmulator, type LoggedRequest } from "zitadel-idp/emulator";
import { startHttp1Server, startTlsServer, createSelfSigned } from "../support/wrong-servers.js";
import { startUnresponsiveServer } from "../support/unresponsive-server.js";
import { startEchoServer } from "./echo-server.js";
import type { Markers } from "./markers.js";
import { tokenShapes } from "./secret-shapes.js";
import type { SituationServers } from "./situations.js";

/** Starts all servers that calls can reach. `onRequest` receives the emulator's log of each request. */
export async function startServers(
  markers: Markers,
  onRequest: (request: LoggedRequest) => void,
): Promise<SituationServers & AsyncDisposable> {
  const owners = tokenShapes.map((shape) => String(shape.make(markers, `token ${shape.name}`)));
  const withoutRoles = markers.text("the token of a user without rights");
  const organization = "Acme";
  const emulator = createEmulator({
    seed: {
      organizations: [{ id: "1", name: organization }],
      serviceUsers: [
        ...owners.map((token, index) => ({
          name: `owner ${index}`,
          organization,
          token,
          instanceRoles: ["IAM_OWNER"],
        })),
        { name: "withoutRoles", organization, token: withoutRoles },
      ],
    },
    onRequest,
  });
  const silent = await startUnresponsiveServer();
  const certificate = await createSelfSigned();
  const [listener, echo1, echo2, tlsServer, stopped] = await Promise.all([
    emulator.listen(),
    startEchoServer(1),
    startEchoServer(2),
    startTlsServer("json", certificate),
    startHttp1Server({ status: 200 }),
  ]);
  await stopped.close();
  const local = (port: number, scheme = "http"): string => `${scheme}://localhost:${port}`;
  return {
    emulator,
    url: {
      emulator: listener.url,
      unreachable: local(stopped.port),
      silent: silent.url,
      secured: local(tlsServer.port, "https"),
      tls: listener.url.replace("http:", "https:"),
      echo: { 1: local(echo1.port), 2: local(echo2.port) },
    },
    tokens: { owners, withoutRoles },
    async [Symbol.asyncDispose]() {
      await Promise.all([
        emulator.close(),
        silent[Symbol.asyncDispose](),
        ...[echo1, echo2, tlsServer].map((server) => server.close()),
      ]);
    },
  };
}
