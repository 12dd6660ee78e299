import { readFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { Code, createIdpClient, type IdpClientOptions, type ZitadelError } from "zitadel-idp";
import {
  badGateway,
  createEmulator,
  type Emulator,
  type Fault,
  tooManyRequests,
} from "zitadel-idp/emulator";
import { ManagementService } from "../../gen/zitadel/management_pb.js";
import { findUnknownOutcomeHint } from "../../src/policy/errors/unknown-outcome-hint.js";
import { failureOf } from "../support/failure.js";
import { allMethods } from "../support/all-methods.js";
import { createRandomCall, makeRandomCall, randomCallSeed } from "../support/random-calls.js";
import { createRandom } from "../support/random-message.js";
import {
  callRecordedError,
  comparableError,
  recordedErrors,
  startRecordedErrorServers,
} from "../support/recorded-errors.js";
import {
  type UnresponsiveServer,
  startUnresponsiveServer,
} from "../support/unresponsive-server.js";
import { type CallFacts, differences } from "./foreign-differences.js";
import {
  createFacade,
  type Facade,
  type ForeignTransport,
  foreignTransports,
} from "./foreign-transports.js";

const google = { clientId: "c", clientSecret: "planted-secret" };

let emulator: Emulator;
let baseUrl: string;
let silent: UnresponsiveServer;
beforeAll(async () => {
  emulator = createEmulator();
  baseUrl = (await emulator.listen()).url;
  silent = await startUnresponsiveServer();
});
afterEach(() => emulator.reset());
afterAll(async () => {
  await emulator.close();
  await silent[Symbol.asyncDispose]();
});

/** Returns the facts about a call after it has ended. */
async function factsOf(call: Promise<unknown>): Promise<CallFacts> {
  const isSuccess = await call.then(
    () => true,
    () => false,
  );
  const requests = emulator.log.length;
  if (isSuccess) {
    return { code: "ok", requests };
  }
  const error = await failureOf(call);
  const { code, reason, outcome, attempts, httpStatus, id } = error;
  return { code, reason, outcome, attempts, httpStatus, id, hasHint: hasHint(error), requests };
}

/** Returns true if an error has a hint on its cause. The advice after a write of unknown outcome is no such hint. */
function hasHint({ hint }: ZitadelError): boolean {
  const advice = String(findUnknownOutcomeHint(ManagementService.method.addGoogleProvider));
  return hint !== undefined && hint !== advice;
}

/** Makes the same write and the same read through `facade`. Returns the facts about both. */
async function factsOfBoth(
  facade: Facade,
  prepare: () => void,
  callOptions: () => object = () => ({}),
): Promise<{ add: CallFacts; list: CallFacts }> {
  const { management } = facade;
  emulator.reset();
  prepare();
  const add = await factsOf(management.addGoogleProvider(google, callOptions()));
  emulator.reset();
  prepare();
  const list = await factsOf(management.listProviders({}, callOptions()));
  return { add, list };
}

/** Makes calls over a foreign transport and over our own. Expects the same facts, except for the listed differences. */
async function expectSameFacts(
  name: string,
  foreign: ForeignTransport,
  { prepare = () => undefined, callOptions, url = baseUrl, auth = emulator.token }: Situation,
): Promise<void> {
  const options = { auth, retry: { maxAttempts: 2, initialPauseMs: 0 } };
  await using own = createIdpClient({ ...options, baseUrl: url, protocol: foreign.protocol });
  await using facade = createFacade(foreign, url, options);
  const expected = await factsOfBoth(own, prepare, callOptions);
  const actual = await factsOfBoth(facade, prepare, callOptions);
  const listed = differences.find(
    ({ transports, cases }) => transports.includes(foreign.name) && name in cases,
  )?.cases[name];
  expect(actual).toEqual({
    add: { ...expected.add, ...listed?.add },
    list: { ...expected.list, ...listed?.list },
  });
  if (listed !== undefined) {
    expect(actual, "the listed difference is gone: remove it").not.toEqual(expected);
  }
}

/** The conditions of a case. */
interface Situation {
  readonly prepare?: () => void;
  readonly callOptions?: () => object;
  readonly url?: string;
  readonly auth?: NonNullable<IdpClientOptions["auth"]>;
}

const html = { "content-type": "text/html" };
const plain = { "content-type": "text/plain" };

const serverFaults: Record<string, Fault> = {
  "a rejection": { type: "status", code: Code.NotFound, id: "QUERY-SAFrt" },
  "an unavailable ZITADEL": { type: "status", code: Code.Unavailable },
  "an internal error after the call": { type: "status", code: Code.Internal, when: "after" },
  "a deadline that passes in ZITADEL": { type: "expired-deadline", when: "after" },
  "a token that is not valid": { type: "stale-token" },
};

const networkFaults: Record<string, Fault> = {
  "a proxy's 403": { type: "http", status: 403, headers: plain, body: "no" },
  "a proxy's 429": tooManyRequests({ retryAfterSeconds: 0 }),
  "a proxy's 502": badGateway({ when: "after" }),
  "a web page": { type: "http", status: 200, headers: html, body: "<html>hello</html>" },
  "a connection that closes before the call": { type: "drop" },
  "a connection that closes after the call": { type: "drop", when: "after" },
  "a reset after the call": { type: "reset", when: "after" },
  "a response that breaks off": { type: "truncate" },
  "a response without its end": { type: "truncate", bytes: 3, end: "clean" },
  "a refused stream": { type: "refused-stream" },
  "a GOAWAY that excludes the call": { type: "goaway" },
  "a GOAWAY that includes the call": { type: "goaway", call: "lost", when: "after" },
  "a GOAWAY after the response": { type: "goaway", call: "answered" },
};

const situations: Record<string, () => Situation> = {
  "a deadline": () => ({ url: silent.url, callOptions: () => ({ timeoutMs: 150 }) }),
  "a timeout signal": () => ({
    url: silent.url,
    callOptions: () => ({ signal: AbortSignal.timeout(150) }),
  }),
  "an abort during the call": () => ({
    url: silent.url,
    callOptions: () => {
      const controller = new AbortController();
      void silent.waitForRequest().then(() => controller.abort());
      return { signal: controller.signal };
    },
  }),
  "an abort before the call": () => ({ callOptions: () => ({ signal: AbortSignal.abort() }) }),
  "a deadline that passes before there is a token": () => ({
    auth: () => new Promise<string>(() => undefined),
    callOptions: () => ({ timeoutMs: 150 }),
  }),
  "a token that cannot be had": () => ({ auth: () => Promise.reject(new Error("no token today")) }),
};

describe.each(foreignTransports)("a client over $name", (foreign) => {
  test.each(Object.entries(serverFaults))(
    "fails as over the transports of this package: %s",
    async (name, fault) => {
      await expectSameFacts(name, foreign, { prepare: () => void emulator.inject({ fault }) });
    },
  );

  test.each(Object.entries(situations))(
    "fails as over the transports of this package: %s",
    async (name, situation) => {
      await expectSameFacts(name, foreign, situation());
    },
  );

  test("has the same responses and errors as over the transports of this package for every RPC", async () => {
    const options = { auth: "t", orgId: "200000000000000001" };
    await using ownEmulator = createEmulator({ seed: randomCallSeed });
    await using foreignEmulator = createEmulator({ seed: randomCallSeed });
    const { url: ownUrl } = await ownEmulator.listen();
    const { url: foreignUrl } = await foreignEmulator.listen();
    await using own = createIdpClient({ ...options, baseUrl: ownUrl, protocol: foreign.protocol });
    await using facade = createFacade(foreign, foreignUrl, options);
    const ownTarget = { client: own, ids: [] };
    const foreignTarget = { client: facade, ids: [] };
    const random = createRandom(1);
    for (const method of [...allMethods, ...allMethods]) {
      const call = createRandomCall(method, random);
      const [expected, actual] = await Promise.all([
        makeRandomCall(ownTarget, call),
        makeRandomCall(foreignTarget, call),
      ]);
      expect(actual, method.name).toEqual(expected);
    }
    expect(allMethods.length).toBe(97);
    expect(foreignTarget.ids.length).toBeGreaterThan(20);
  });
});

// The routes of createRouterTransport run in this process, without connections.
describe.each(foreignTransports.filter(({ hasNetwork }) => hasNetwork))(
  "a client over the connections of $name",
  (foreign) => {
    const connect = (): Facade =>
      createFacade(foreign, baseUrl, { auth: emulator.token, retry: { initialPauseMs: 0 } });

    test.each(Object.entries(networkFaults))(
      "fails as over the transports of this package: %s",
      async (name, fault) => {
        await expectSameFacts(name, foreign, { prepare: () => void emulator.inject({ fault }) });
      },
    );

    test("fails as over the transports of this package: no server", async () => {
      const gone = await startUnresponsiveServer();
      await gone[Symbol.asyncDispose]();
      await expectSameFacts("no server", foreign, { url: gone.url });
    });

    test("has the same errors as over the transports of this package for each recorded error of a real server", async () => {
      await using servers = await startRecordedErrorServers();
      const url = foreign.protocol === "grpc" ? servers.http2Url : servers.http1Url;
      const options = { auth: "t", retry: false } as const;
      await using own = createIdpClient({ ...options, baseUrl: url, protocol: foreign.protocol });
      await using facade = createFacade(foreign, url, options);
      for (const [index, { rpc, name }] of recordedErrors.entries()) {
        const [expected, actual] = await Promise.all([
          callRecordedError(own, index),
          callRecordedError(facade, index),
        ]);
        expect(comparableError(actual), `${rpc}, ${name}`).toEqual(comparableError(expected));
      }
    });

    test("concludes from a retry that a delete was carried out, if its response was lost", async () => {
      await using facade = connect();
      const { id } = await facade.management.addGoogleProvider(google);
      emulator.inject({ rpc: "DeleteProvider", fault: { type: "drop", when: "after" }, times: 1 });
      const headers: (string | null)[] = [];
      const onHeader = (header: Headers): void => {
        headers.push(header.get("zitadel-idp-already-done"));
      };
      await facade.management.deleteProvider({ id }, { onHeader });
      expect(headers).toEqual(["ORG-Se3tg"]);
    });

    test("never adds a provider twice while servers restart, and completes all reads", async () => {
      await using facade = connect();
      for (const call of ["refused", "lost", "answered"] as const) {
        emulator.inject({ fault: { type: "goaway", call, when: "after" }, times: 2 });
      }
      const { management } = facade;
      const names = Array.from({ length: 20 }, (_, index) => `Provider ${index}`);
      const adds = names.map((name) => management.addGoogleProvider({ ...google, name }));
      const reads = names.map(() => management.listProviders({}));
      const settled = await Promise.allSettled(adds);
      await Promise.all(reads);
      const { result } = await management.listProviders({});
      const listed = result.map(({ name }) => name);
      const added = names.filter((_, index) => settled[index]?.status === "fulfilled");
      expect(new Set(listed).size).toBe(listed.length);
      expect(listed).toEqual(expect.arrayContaining(added));
    });
  },
);

test("each listed difference belongs to a case", () => {
  const names = Object.keys({ ...serverFaults, ...networkFaults, ...situations });
  const listed = differences.flatMap(({ cases }) => Object.keys(cases));
  expect(listed.filter((name) => !names.includes(name))).toEqual([]);
});

test("docs/other-transports.md lists the differences", () => {
  const text = readFileSync(new URL("../../docs/other-transports.md", import.meta.url), "utf8");
  const rows = text
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  expect(rows).toEqual(
    differences.map(({ transports, difference, consequence }) => [
      transports.map((name) => `\`${name}\``).join(", "),
      difference,
      consequence,
    ]),
  );
});
