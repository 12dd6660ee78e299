import type { JsonObject } from "@bufbuild/protobuf";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createEmulator, type Emulator, type Fault, type Listener } from "zitadel-idp/emulator";
import { fastestResponseMs } from "../../src/emulator/wire/deadline-errors.js";
import { methods, servedMethods } from "../../src/emulator/methods.js";
import { parseGrpcTimeout } from "../../src/emulator/wire/grpc-timeout.js";
import { type DeadlineRow, readDeadlines, readDeadlineWrites } from "../support/recordings.js";
import { callRaw, formatOutcome, type WireName, wireNames } from "../support/wires.js";
import { rowRecordings } from "./replayed-recordings.js";

const deadlines = readDeadlines();
const writes = readDeadlineWrites();

/** The latency of a call that certainly exceeds each recorded timeout. The call ends with its timeout, not with the latency. */
const endlessMs = 3_600_000;

let emulator: Emulator;
let listener: Listener;
beforeAll(async () => {
  emulator = createEmulator();
  listener = await emulator.listen();
});
beforeEach(() => emulator.reset());
afterAll(() => emulator.close());

const calls: Readonly<Record<DeadlineRow["call"], { rpc: string; request: JsonObject }>> = {
  read: { rpc: "ListProviders", request: {} },
  write: { rpc: "AddGoogleProvider", request: { clientId: "c", clientSecret: "s" } },
};

/** Sends a call with the host of the recording, which error texts repeat. Returns "ok", or the code and text of the error. */
async function answer(
  wire: WireName,
  call: DeadlineRow["call"],
  grpcTimeout?: string,
): Promise<string> {
  const { rpc, request } = calls[call];
  const method = methods.get("zitadel.management.v1.ManagementService")?.get(rpc);
  if (method === undefined) {
    throw new Error(`there is no RPC ${rpc}`);
  }
  const outcome = await callRaw(wire, listener.port, method, request, {
    host: "localhost:8080",
    authorization: `Bearer ${emulator.token}`,
    ...(grpcTimeout !== undefined && { "grpc-timeout": grpcTimeout }),
  });
  return formatOutcome(outcome);
}

/** Returns the JSON of a list of the providers. */
async function listProviders(): Promise<string> {
  const response = await emulator.fetch(`${emulator.url}/management/v1/idps/templates/_search`, {
    method: "POST",
    headers: { authorization: `Bearer ${emulator.token}` },
  });
  return response.text();
}

async function countProviders(): Promise<number> {
  const { result = [] } = JSON.parse(await listProviders()) as { result?: unknown[] };
  return result.length;
}

/** Returns the recorded answer that an answer matches. The recording cuts off long texts. */
function findRecorded(answered: string, recorded: readonly string[]): string | undefined {
  const longestFirst = recorded.toSorted((a, b) => b.length - a.length);
  return longestFirst.find((each) =>
    each.length < 60 ? answered === each : answered.startsWith(each),
  );
}

/** Returns all recorded answers to a call, whatever its timeout. */
function listAnswers(wire: WireName, call: DeadlineRow["call"]): string[] {
  const ofAdds = writes.filter((row) => row.wire === wire).map((row) => row.answer);
  return [
    ...deadlines
      .filter((row) => row.wire === wire && row.call === call)
      .flatMap(({ answers }) => Object.keys(answers)),
    ...(call === "write" ? ofAdds : []),
  ];
}

describe("a deadline", () => {
  const compared = new Set<DeadlineRow>();

  test.each(deadlines)(
    "of $grpcTimeout has a recorded answer over $wire for a $call",
    async (row) => {
      const { wire, call, grpcTimeout, answers } = row;
      const recorded = Object.keys(answers);
      const isEnough = recorded.includes("ok");
      if (!isEnough && parseGrpcTimeout(grpcTimeout) >= fastestResponseMs) {
        emulator.inject({ fault: { type: "delay", ms: endlessMs } });
      }
      const answered = await answer(wire, call, grpcTimeout);
      expect(findRecorded(answered, recorded), answered).toBeDefined();
      expect(answered === "ok").toBe(isEnough);
      compared.add(row);
    },
  );

  test("is compared with each recorded row", () => {
    expect(compared.size).toBe(rowRecordings["deadlines"]);
  });

  test.each(
    wireNames.flatMap((wire) => (["read", "write"] as const).map((call) => ({ wire, call }))),
  )("that expires late has a recorded answer over $wire for a $call", async ({ wire, call }) => {
    emulator.inject({ fault: { type: "delay", ms: endlessMs, when: "after" } });
    const answered = await answer(wire, call, "10m");
    expect(answered).not.toBe("ok");
    expect(findRecorded(answered, listAnswers(wire, call)), answered).toBeDefined();
  });

  test.each(wireNames)(
    "in nanoseconds is as long as the same one in milliseconds, over %s",
    async (wire) => {
      const answers = [await answer(wire, "read", "50000000n"), await answer(wire, "read", "50m")];
      expect(answers).toEqual(["ok", "ok"]);
      expect(await answer(wire, "read", "1000000n")).toBe(await answer(wire, "read", "1m"));
    },
  );
});

describe("a deadline of a call to a v2 service", () => {
  /** Reads a provider over the Connect protocol. Returns "ok", or the code and text of the error. */
  const read = async (id: string, timeoutMs: number): Promise<string> => {
    const response = await emulator.fetch(
      `${emulator.url}/zitadel.idp.v2.IdentityProviderService/GetIDPByID`,
      {
        method: "POST",
        headers: {
          authorization: `Bearer ${emulator.token}`,
          "content-type": "application/json",
          "connect-timeout-ms": String(timeoutMs),
        },
        body: JSON.stringify({ id }),
      },
    );
    const { code, message } = (await response.json()) as { code?: string; message?: string };
    return code === undefined ? "ok" : `${code} ${message}`;
  };

  test.each<[name: string, timeoutMs: number, fault: Fault, expected: string]>([
    [
      "that is short expires as recorded",
      1,
      { type: "delay", ms: 0 },
      "permission_denied Organisation doesn't exist (AUTH-Bs7Ds)",
    ],
    [
      "expires during a delay",
      10,
      { type: "delay", ms: endlessMs },
      "permission_denied Organisation doesn't exist (AUTH-Bs7Ds)",
    ],
    [
      "expires during a delay of the response",
      10,
      { type: "delay", ms: endlessMs, when: "after" },
      "unknown timeout: context deadline exceeded ()",
    ],
    ["that is long does not expire", 20_000, { type: "delay", ms: 0 }, "ok"],
  ])("%s", async (_, timeoutMs, fault, expected) => {
    await answer("json", "write");
    const [, id = ""] = /"id":"(\d+)"/.exec(await listProviders()) ?? [];
    emulator.inject({ rpc: "GetIDPByID", fault });
    expect(await read(id, timeoutMs)).toBe(expected);
  });

  test.each(["grpc", "grpc-web"] as const)("expires in the same way over %s", async (wire) => {
    const method = servedMethods.get("zitadel.idp.v2.IdentityProviderService")?.get("GetIDPByID");
    const headers = { authorization: `Bearer ${emulator.token}`, "grpc-timeout": "1m" };
    const outcome = method && (await callRaw(wire, listener.port, method, { id: "1" }, headers));
    expect(outcome && formatOutcome(outcome)).toBe("7 Organisation doesn't exist (AUTH-Bs7Ds)");
  });
});

describe.each(wireNames)("over %s, a write whose deadline expires", (wire) => {
  const rows = writes.filter((row) => row.wire === wire);

  test.each<{ name: string; fault: Fault; timeout?: string }>([
    { name: "early", fault: { type: "delay", ms: 0 }, timeout: "3m" },
    { name: "during a delay", fault: { type: "delay", ms: endlessMs }, timeout: "10m" },
    {
      name: "during a delay of the response",
      fault: { type: "delay", ms: endlessMs, when: "after" },
      timeout: "10m",
    },
    { name: "by a fault", fault: { type: "expired-deadline" } },
    { name: "by a late fault", fault: { type: "expired-deadline", when: "after" } },
  ])(
    "$name is carried out only if a recorded write with the same response was",
    async ({ fault, timeout }) => {
      emulator.inject({ rpc: "AddGoogleProvider", times: 1, fault });
      const answered = await answer(wire, "write", timeout);
      const recorded = findRecorded(
        answered,
        rows.map((row) => row.answer),
      );
      const row = rows.find((each) => each.answer === recorded);
      expect(row, answered).toBeDefined();
      const exists = (await countProviders()) > 0;
      expect(exists).toBe(isLate(fault));
      if (exists) {
        expect(row?.exists, answered).toBeGreaterThan(0);
      }
    },
  );

  test("is carried out if the answer is a success", async () => {
    expect(await answer(wire, "write", "20S")).toBe("ok");
    expect(await countProviders()).toBe(1);
    const row = rows.find((each) => each.answer === "ok");
    expect(row?.exists).toBe(row?.answered);
  });
});

function isLate(fault: Fault): boolean {
  return "when" in fault && fault.when === "after";
}
