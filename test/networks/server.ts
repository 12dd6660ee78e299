import type { Emulator } from "zitadel-idp/emulator";
import type { EmulatorFactory } from "../runtimes/program/driver.js";
import type { KeyPair } from "../support/rsa-keys.js";
import type { CellResult } from "./cell-result.js";
import type { Credentials } from "./program/caller.js";

/** An emulator on a port of this machine, with one service user. */
export interface Server extends AsyncDisposable {
  readonly port: number;
  readonly credentials: Credentials;
  /** Restores the first state, and forgets the requests. */
  reset(): void;
  /** Returns the differences between the requests that have arrived and those that these cells must have sent. */
  problems(passed: readonly CellResult[]): string[];
}

export async function startServer(
  createEmulator: EmulatorFactory,
  domain: string,
  keys: KeyPair,
): Promise<Server> {
  const client = { clientId: "caller", clientSecret: "secret of the caller" };
  const [userId, keyId, token] = ["10", "11", "token-of-the-caller"];
  const emulator = createEmulator({
    seed: {
      instance: { domain },
      organizations: [{ id: "1", name: "Acme" }],
      serviceUsers: [
        {
          id: userId,
          name: client.clientId,
          organization: "1",
          token,
          clientSecret: client.clientSecret,
          keys: [{ id: keyId, publicKey: keys.publicSpki }],
          instanceRoles: ["IAM_OWNER"],
        },
      ],
    },
  });
  const { port } = await emulator.listen();
  const keyFile = { type: "serviceaccount", keyId, key: keys.privatePkcs1, userId };
  return {
    port,
    credentials: { token, key: JSON.stringify(keyFile), client },
    reset: () => emulator.reset(),
    problems: (passed) => findProblems(emulator, passed),
    [Symbol.asyncDispose]: () => emulator.close(),
  };
}

/** Checks the wire protocols and the token requests as seen by the server, because a client might report one and use another. */
function findProblems({ log }: Emulator, passed: readonly CellResult[]): string[] {
  const seen = new Set(log.filter(({ rpc }) => rpc !== undefined).map(({ protocol }) => protocol));
  const unseen = new Set(passed.map(({ wire }) => wire).filter((wire) => !seen.has(wire)));
  const tokens = log.filter(
    ({ path, httpMethod, status }) =>
      path === "/oauth/v2/token" && httpMethod === "POST" && status === 200,
  );
  const expectedTokens = passed.filter(({ token }) => token !== "token").length;
  return [
    ...[...unseen].map((wire) => `the server was not called over ${wire}`),
    ...(tokens.length < expectedTokens
      ? [`the server issued ${tokens.length} tokens, not ${expectedTokens}`]
      : []),
  ];
}
