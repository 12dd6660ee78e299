import { once } from "node:events";
import { createServer, type AddressInfo, type Server } from "node:net";
import { afterAll, beforeAll, describe, test, type TestContext } from "vitest";
import { createEmulator, type Emulator } from "zitadel-idp/emulator";
import { waitForExit, start } from "../support/program.js";
import { startUnansweredPort, type UnansweredPort } from "../support/unanswered-port.js";
import { wireNames } from "../support/wires.js";

/** A port that drops all connection attempts. */
let unanswered: UnansweredPort;
/** A server that accepts connections and says nothing. */
let silent: Server;
let emulator: Emulator;
let emulatorUrl: string;

beforeAll(async () => {
  unanswered = await startUnansweredPort();
  silent = createServer((socket) => void socket.on("error", () => undefined).resume());
  silent.listen(0, "127.0.0.1");
  await once(silent, "listening");
  emulator = createEmulator();
  emulatorUrl = (await emulator.listen()).url;
});
afterAll(async () => {
  silent.close();
  await emulator.close();
  await unanswered[Symbol.asyncDispose]();
});

/** Each place in which a connection can be when its last call ends. */
function places(): Readonly<Record<string, object>> {
  const baseUrl = "https://acme.example";
  return {
    "connecting by TCP": { baseUrl: `http://127.0.0.1:${unanswered.port}` },
    "connecting by TCP for TLS": { baseUrl: `https://127.0.0.1:${unanswered.port}` },
    "in the TLS handshake": { baseUrl: `https://127.0.0.1:${portOf(silent)}` },
    "before the first response": { baseUrl: `http://127.0.0.1:${portOf(silent)}` },
    "connecting to a proxy": { baseUrl, proxy: `http://127.0.0.1:${unanswered.port}` },
    "waiting for a proxy": { baseUrl, proxy: `http://127.0.0.1:${portOf(silent)}` },
    "waiting for a token": { baseUrl: `http://127.0.0.1:${portOf(silent)}`, auth: undefined },
  };
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

/**
 * Runs a program in a process of its own, and returns the lines of its output after it has ended by itself. `create` creates a client.
 * Its timeouts are longer than that of a test.
 */
async function runProgram(
  { onTestFinished, expect }: TestContext,
  program: string,
): Promise<string[]> {
  const source = `
    import { createIdpClient } from "./dist/node/index.js";
    import { clientCredentials } from "./dist/node/token-sources.js";
    const login = { clientId: "c", clientSecret: "s", allowInsecureAuth: true, timeoutMs: 120_000 };
    const create = ({ auth = clientCredentials(login), ...options }) =>
      createIdpClient({ auth, connectTimeoutMs: 120_000, allowInsecureAuth: true, ...options });
    const failed = (error) => console.log(error.outcome);
    ${program}`;
  const child = start("--input-type=module", ["--eval", source]);
  onTestFinished(() => void child.kill("SIGKILL"));
  const { stdout, stderr } = await waitForExit(child);
  expect(stderr).toBe("");
  return stdout.trim().split("\n");
}

describe.each(wireNames)(
  "without close, a process with calls over %s",
  { concurrent: true },
  (protocol) => {
    test("ends after their deadlines, wherever their connections are", async (context) => {
      const options = Object.values(places()).map((each) => ({
        protocol,
        auth: "a-fixed-token",
        ...each,
      }));
      const lines = await runProgram(
        context,
        `await Promise.all(${JSON.stringify(options)}.map((each) =>
        create(each).management.listProviders({}, { timeoutMs: 50 }).catch(failed)));`,
      );
      context.expect(lines).toEqual(options.map(() => "not_done"));
    });

    test("ends after many successful ones", async (context) => {
      const options = { protocol, baseUrl: emulatorUrl, auth: emulator.token };
      const lines = await runProgram(
        context,
        `const { management } = create(${JSON.stringify(options)});
      for (let call = 0; call < 120; call++) {
        await management.listProviders({});
      }
      console.log("done");`,
      );
      context.expect(lines).toEqual(["done"]);
    });

    test.for(["connecting by TCP", "in the TLS handshake", "waiting for a proxy"])(
      "does not end while one is %s",
      async (place, context) => {
        const options = { protocol, auth: "a-fixed-token", ...places()[place] };
        // Nothing awaits the call, and the timer of the signal does not keep the process alive.
        const lines = await runProgram(
          context,
          `const signal = AbortSignal.timeout(300);
        create(${JSON.stringify(options)}).management.listProviders({}, { signal }).catch(failed);`,
        );
        context.expect(lines).toEqual(["not_done"]);
      },
    );
  },
);
