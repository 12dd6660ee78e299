import { createEmulator, type LoggedRequest } from "zitadel-idp/emulator";
import { http1Answering, secured, selfSigned } from "../policy/wrong-servers.js";
import { startSilentServer } from "../support/silent-server.js";
import { startEcho } from "./echo-server.js";
import type { Markers } from "./markers.js";
import { tokenShapes } from "./shapes.js";
import type { Stage } from "./situations.js";

/** Starts all servers that calls can reach. `told` receives the emulator's log of each request. */
export async function setStage(
  markers: Markers,
  told: (request: LoggedRequest) => void,
): Promise<Stage & AsyncDisposable> {
  const owners = tokenShapes.map((shape) => String(shape.make(markers, `token ${shape.name}`)));
  const nobody = markers.text("the token of a user without rights");
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
        { name: "nobody", organization, token: nobody },
      ],
    },
    onRequest: told,
  });
  const silent = await startSilentServer();
  const certificate = await selfSigned();
  const [listener, echo1, echo2, secured1, gone] = await Promise.all([
    emulator.listen(),
    startEcho(1),
    startEcho(2),
    secured("json", certificate),
    http1Answering({ status: 200 }),
  ]);
  await gone.close();
  const local = (port: number, scheme = "http"): string => `${scheme}://localhost:${port}`;
  return {
    emulator,
    url: {
      emulator: listener.url,
      unreachable: local(gone.port),
      silent: silent.url,
      secured: local(secured1.port, "https"),
      tls: listener.url.replace("http:", "https:"),
      echo: { 1: local(echo1.port), 2: local(echo2.port) },
    },
    tokens: { owners, nobody },
    async [Symbol.asyncDispose]() {
      await Promise.all([
        emulator.close(),
        silent[Symbol.asyncDispose](),
        ...[echo1, echo2, secured1].map((server) => server.close()),
      ]);
    },
  };
}
