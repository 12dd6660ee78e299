import type { JsonValue } from "@bufbuild/protobuf";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  createEmulator,
  type Emulator,
  type EmulatorSeed,
  type Listener,
} from "zitadel-idp/emulator";
import { methods } from "../../src/emulator/methods.js";
import {
  type Outcome,
  readRecording,
  type Recording,
  type RpcStep,
} from "../support/recordings.js";
import { callRaw, type WireName, wireNames } from "../support/wires.js";

/**
 * How many steps of each recording are compared, on each wire. A recording is left at the first write that is not
 * emulated yet; reads that are not are passed over. The numbers stand here so that none is lost unseen.
 */
const recordings: Record<string, number> = {
  "legacy-org": 5,
  "lists-legacy-org": 19,
  "template-jwt-org": 21,
  "template-ldap-instance": 23,
  "template-ldap-org": 23,
  "template-oauth-instance": 23,
  "template-oauth-org": 23,
  "template-oidc-instance": 23,
  "template-oidc-org": 23,
  "validation-ldap-org": 111,
  "validation-legacy-instance": 18,
  "validation-oauth-org": 64,
  "validation-oidc-org": 40,
};

const [org, org2] = ["100000000000000001", "100000000000000002"];
const token = "token-of-iam-owner";

const seed: EmulatorSeed = {
  organizations: [
    { id: org, name: "org" },
    { id: org2, name: "org2" },
  ],
  serviceUsers: [{ name: "iam_owner", organization: "org", token, instanceRoles: ["IAM_OWNER"] }],
};

describe.each(Object.entries(recordings))("what a real server answered: %s", (name, count) => {
  const recording = readRecording(name);

  describe.each(wireNames)("over %s", (wire) => {
    let emulator: Emulator;
    let listener: Listener;
    let results: Result[];

    beforeAll(async () => {
      emulator = createEmulator({ seed });
      listener = await emulator.listen();
      results = await replay(recording, wire, listener.port, emulator.instanceId);
    });
    afterAll(() => emulator.close());

    test(`${count} steps come out the same`, () => {
      for (const { step, outcome, expected } of results) {
        expect(outcome, step.name).toEqual(expected);
      }
      expect(results.length).toBe(count);
    });
  });
});

interface Result {
  step: RpcStep;
  outcome: Outcome;
  expected: Outcome | undefined;
}

async function replay(
  recording: Recording,
  wire: WireName,
  port: number,
  instance: string,
): Promise<Result[]> {
  const values: Record<string, string> = {
    org,
    org2,
    instance,
    u: "u7f3k",
    unknown: "999999999999999999",
  };
  const normalize = createNormalizer(values);
  const results: Result[] = [];
  for (const [index, step] of recording.steps.entries()) {
    const [service = "", rpc = ""] = step.rpc.split("/");
    const method = methods.get(service)?.get(rpc);
    if (method === undefined) {
      // An RPC outside the 97, which only reads.
      continue;
    }
    const { metadata, request } = fill(step, values);
    const outcome = await callRaw(wire, port, method, request, {
      ...authorization(step.auth),
      ...(service.endsWith("ManagementService") && { "x-zitadel-orgid": org }),
      ...metadata,
    });
    if ("error" in outcome && String(outcome.error["message"]).endsWith("is not emulated yet")) {
      if (/^(Get|List)/.test(rpc)) {
        continue;
      }
      break;
    }
    if ("ok" in outcome) {
      for (const [key, path] of Object.entries(step.save ?? {})) {
        values[key] = String(outcome.ok[path]);
      }
    }
    const expected = recording.expected[index]?.[wire] ?? recording.expected[index]?.["all"];
    results.push({
      step,
      outcome: inOrder(step, normalize(outcome)),
      expected: expected && inOrder(step, expected),
    });
  }
  return results;
}

function authorization(auth: RpcStep["auth"] = "iam_owner"): Record<string, string> {
  if (auth === "none") {
    return {};
  }
  return {
    authorization:
      typeof auth === "string" ? `Bearer ${auth === "bad" ? "nobody's" : token}` : auth.raw,
  };
}

function fill(
  step: RpcStep,
  values: Record<string, string>,
): Pick<RpcStep, "metadata" | "request"> {
  const text = JSON.stringify({ metadata: step.metadata, request: step.request });
  return JSON.parse(
    text.replace(/\$\{([^}]+)\}/g, (_, name: string) => values[name] ?? ""),
  ) as RpcStep;
}

/** Writes ids, times and sequences as the recordings do: by name, by order, by distance from the start. */
function createNormalizer(values: Record<string, string>): (outcome: Outcome) => Outcome {
  const times: string[] = [];
  const idNames = (): Map<string, string> =>
    new Map(
      Object.entries(values).map(([name, id]) => [
        id,
        ["org", "org2", "instance"].includes(name) ? `<${name}>` : `<id:${name}>`,
      ]),
    );

  const text = (key: string, value: string): string => {
    if (key === "sequence") {
      return `<seq+${value}>`;
    }
    if (key === "viewTimestamp") {
      return "<view>";
    }
    if (key === "creationDate" || key === "changeDate") {
      if (!times.includes(value)) {
        times.push(value);
      }
      return `<ts:${times.indexOf(value) + 1}>`;
    }
    const named = idNames().get(value);
    if (named !== undefined && (key === "id" || key === "idpId" || key === "resourceOwner")) {
      return named;
    }
    return (key === "id" || key === "idpId") && /^\d{18}$/.test(value)
      ? "<id>"
      : value.replaceAll("u7f3k", "<u>");
  };
  const walk = (key: string, value: JsonValue): JsonValue => {
    if (typeof value === "string") {
      return text(key, value);
    }
    if (Array.isArray(value)) {
      return value.map((item) => walk(key, item));
    }
    if (typeof value === "object" && value !== null) {
      return Object.fromEntries(
        Object.entries(value).map(([name, inner]) => [name, walk(name, inner)]),
      );
    }
    return value;
  };
  return (outcome) => walk("", outcome) as Outcome;
}

/** Lists whose order means nothing are sorted. */
function inOrder(step: RpcStep, outcome: Outcome): Outcome {
  if (
    !("ok" in outcome) ||
    !Array.isArray(outcome.ok["result"]) ||
    !(step.unordered || step.anyPage)
  ) {
    return outcome;
  }
  const { result } = outcome.ok;
  if (step.anyPage) {
    return { ok: { ...outcome.ok, result: `<${result.length} items>` } };
  }
  return {
    ok: {
      ...outcome.ok,
      result: result.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
    },
  };
}
