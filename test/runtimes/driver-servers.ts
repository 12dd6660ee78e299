import type { Protocol } from "zitadel-idp";
import type { Emulator } from "zitadel-idp/emulator";
import type { EmulatorFactory, Report, Setup } from "./program/driver.js";
import { serve, type TestServer } from "./serve.js";

/** The expected results of a runtime. */
export type Expected = Setup["expected"];

/** The servers for one run of the driver. */
export interface DriverServers extends AsyncDisposable {
  readonly setup: Setup;
  /** Returns the requests that do not match the driver's task. */
  findProblems(): string[];
}

/** Starts an emulator and a server of redirects, for one run of the driver. */
export async function startDriverServers(
  createEmulator: EmulatorFactory,
  expected: Expected,
): Promise<DriverServers> {
  const client = { clientId: "driver", clientSecret: "client-secret" };
  const emulator = createEmulator({
    seed: {
      organizations: [{ id: "1", name: "Acme" }],
      serviceUsers: [
        {
          name: client.clientId,
          organization: "1",
          token: "token-of-the-driver",
          instanceRoles: ["IAM_OWNER"],
          clientSecret: client.clientSecret,
        },
      ],
    },
  });
  emulator.inject({ rpc: "GetDefaultLoginPolicy", fault: { type: "delay", ms: 3_600_000 } });
  const [listener, redirector] = await Promise.all([
    emulator.listen(),
    serveRedirects(expected.followsRedirects ?? false),
  ]);
  return {
    setup: {
      baseUrl: listener.url,
      token: emulator.token,
      client,
      redirectingUrl: redirector.url,
      expected,
    },
    findProblems: () => [...findWireProblems(emulator, expected.wires), ...redirector.problems()],
    async [Symbol.asyncDispose]() {
      await Promise.all([emulator.close(), redirector[Symbol.asyncDispose]()]);
    },
  };
}

/** Returns the problems that the driver reports. */
export function listProblems({ checks }: Report): string[] {
  return checks.flatMap(({ wire, name, problem }) =>
    problem === undefined ? [] : `${wire === undefined ? "" : `${wire}: `}${name}: ${problem}`,
  );
}

/** Returns the protocols as seen by the server, because a client might report one and use another. */
function findWireProblems({ log }: Emulator, wires: readonly Protocol[]): string[] {
  const seen = new Set(log.filter(({ rpc }) => rpc !== undefined).map(({ protocol }) => protocol));
  const [spoken, wanted] = [[...seen].toSorted().join(), wires.toSorted().join()];
  return spoken === wanted ? [] : [`the emulator was called over ${spoken}, not over ${wanted}`];
}

interface Redirector extends TestServer {
  problems(): string[];
}

const trap = "/elsewhere";

/**
 * Starts a server that answers with a redirect to itself, and there with success. `fetch` removes the token when it follows a redirect to
 * another origin, so only this reveals that a redirect was followed.
 */
async function serveRedirects(areFollowed: boolean): Promise<Redirector> {
  const requests: string[] = [];
  const server = await serve((request, response) => {
    const { method = "", url = "", headers } = request;
    response.setHeader("access-control-allow-origin", "*");
    if (method === "OPTIONS") {
      const allowed = headers["access-control-request-headers"] ?? "";
      response.setHeader("access-control-allow-headers", allowed);
      response.writeHead(204).end();
      return;
    }
    requests.push(url);
    if (url === trap) {
      response.writeHead(200, { "content-type": "application/json" }).end("{}");
    } else {
      response.writeHead(302, { location: trap }).end();
    }
  });
  return {
    ...server,
    problems: () => [
      ...(requests.includes(trap) && !areFollowed ? ["a redirect was followed"] : []),
      ...(requests.length === 0 ? ["the server of redirects was never reached"] : []),
    ],
  };
}
