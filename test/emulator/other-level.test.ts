import type { JsonObject } from "@bufbuild/protobuf";
import { describe, expect, test } from "vitest";
import { servedMethods } from "../../src/emulator/methods.js";
import { readRecording, type Recording, type RpcStep } from "../support/recordings.js";
import { callRaw, formatOutcome, wireNames } from "../support/wires.js";
import { createTwin } from "./other-level.js";
import { createReplaySeed, type ReplayedStep, replayRecording } from "./replay-recording.js";
import { rpcRecordings } from "./replayed-recordings.js";
import { serveState } from "./serve-state.js";

/** The recordings on both levels, or on neither, and the reasons why the steps of one make no sense on the other level. */
const leftOut: Readonly<Record<string, string>> = {
  "auth-context": "it is about organizations",
  "auth-header": "it calls both levels",
  "auth-roles": "it is about the roles of both levels",
  links: "only an organization has users",
  "login-policy-org": "the instance always has its login policy; its errors are below",
  "operator-events": "it calls both levels",
  "operator-factors-org": "the instance always has its login policy; its errors are below",
  "operator-organizations": "it is about organizations",
  "operator-whoami": "it is about the roles of both levels",
};
const names = Object.keys(rpcRecordings).filter((name) => leftOut[name] === undefined);

/** Writes times by their order, and sequences by their distance from the first one, because a twin has fewer steps. */
function renumber(outcomes: readonly unknown[]): unknown {
  const times: string[] = [];
  let firstSequence: number | undefined;
  const text = JSON.stringify(outcomes)
    .replaceAll(/<ts:\d+>/g, (time) => {
      if (!times.includes(time)) {
        times.push(time);
      }
      return `<time ${times.indexOf(time)}>`;
    })
    .replaceAll(/<seq\+(\d+)>/g, (_, sequence: string) => {
      firstSequence ??= Number(sequence);
      return `<sequence ${Number(sequence) - firstSequence}>`;
    });
  return JSON.parse(text) as unknown;
}

/** Returns the outcome of a step. The details of a removed legacy IDP are left out, because an organization does not return them. */
function withoutDetailsOfRemoval({ step, outcome }: ReplayedStep): unknown {
  const isRemoval = step.rpc.endsWith("/RemoveIDP") || step.rpc.endsWith("/RemoveOrgIDP");
  return isRemoval && JSON.stringify(outcome).startsWith('{"ok"') ? { ok: {} } : outcome;
}

describe.each(names)("the steps of %s on the other level", (name) => {
  const recording = readRecording(name);
  const twin = createTwin(recording);

  test("cover most of the recorded steps", () => {
    expect(twin.steps.length).toBeGreaterThan(recording.steps.length * 0.7);
  });

  test.each(wireNames)("have only the documented differences over %s", async (wire) => {
    const served = await serveState(createReplaySeed(name, wire));
    const results = await replayRecording(twin, wire, served);
    await served.close();
    expect(results).toHaveLength(twin.steps.length);
    expect(renumber(results.map(withoutDetailsOfRemoval))).toEqual(
      renumber(results.map(({ expected }) => expected)),
    );
  });
});

describe("the twin of a recording that exists on both levels", () => {
  const onBoth = names.filter(
    (name) => names.includes(name.replace(/-org$/, "-instance")) && name.endsWith("-org"),
  );

  test.each(onBoth)("has the recorded outcomes of the instance: %s", (name) => {
    const twin = createTwin(readRecording(name));
    const recorded = readRecording(name.replace(/-org$/, "-instance"));
    const outcomes = new Map(
      recorded.steps.map((step, index) => [step.name, recorded.expected[index]]),
    );
    expect(onBoth.length).toBeGreaterThan(5);
    expect(renumber(twin.expected)).toEqual(
      renumber(twin.steps.map((step) => outcomes.get(step.name))),
    );
  });
});

/** The texts of events of the instance that differ from those of an organization. */
const eventTexts: Readonly<Record<string, string>> = {
  Organization: "Instance",
  "Identity Provider added to Login Policy": "Identity Provider added to login policy",
  "Identity Provider removed from Login Policy": "Identity Provider removed from login policy",
};

/** Returns an event of an organization as the instance records it. */
function toInstanceEvent(event: JsonObject): JsonObject {
  return JSON.parse(JSON.stringify(event), (key, value: unknown) => {
    if (key === "idpProviderType") {
      // The type of the instance is zero, which Go leaves out.
      return undefined;
    }
    if (typeof value !== "string") {
      return value;
    }
    return (eventTexts[value] ?? value)
      .replace(/^(|EventTypes\.|AggregateTypes\.)org(?=$|\.)/, "$1instance")
      .replace("<org>", "<instance>");
  }) as JsonObject;
}

describe.each(wireNames)("over %s, the events of a provider", (wire) => {
  test("have the types and the aggregate of the instance, and the same payloads", async () => {
    const recording = readRecording("operator-events");
    const named = new Map(recording.steps.map((step, index) => [step.name, index]));
    const onInstance = (name: string, rpc?: string): RpcStep => {
      const step = recording.steps[named.get(name) ?? -1];
      if (step === undefined) {
        throw new Error(`the recording has no step ${name}`);
      }
      const [, method = ""] = step.rpc.split("/");
      return { ...step, rpc: `zitadel.admin.v1.AdminService/${rpc ?? method}` };
    };
    const list = onInstance("events of the organization about providers");
    const recorded = recording.expected[named.get(list.name) ?? -1]?.["all"];
    const events = (recorded && "ok" in recorded ? recorded.ok["events"] : []) as JsonObject[];
    // The instance does not create its login policy.
    const kept = events.filter(
      ({ type }) => (type as JsonObject)["type"] !== "org.policy.login.added",
    );
    const twin: Recording = {
      ...recording,
      steps: [
        onInstance("add"),
        onInstance("update"),
        onInstance("update the secret"),
        { ...onInstance("own policy", "AddIDPToLoginPolicy"), request: { idpId: "${g}" } },
        onInstance("off"),
        onInstance("delete"),
        {
          ...list,
          request: JSON.parse(
            JSON.stringify(list.request)
              .replaceAll('"org', '"instance')
              .replace("${org}", "${instance}"),
          ) as JsonObject,
        },
      ],
      expected: [],
    };
    const served = await serveState(createReplaySeed("operator-events", wire));
    const results = await replayRecording(twin, wire, served);
    await served.close();
    const outcome = results.at(-1)?.outcome as { ok?: { events?: JsonObject[] } };
    const withoutSequences = (list_: readonly JsonObject[]): unknown[] =>
      list_.map((event) => ({ ...event, sequence: "" }));
    expect(kept).toHaveLength(6);
    expect(renumber(withoutSequences(outcome.ok?.events ?? []))).toEqual(
      renumber(withoutSequences(kept.map(toInstanceEvent))),
    );
  });
});

describe.each(wireNames)("over %s, the login policy of the instance", (wire) => {
  test("has the documented errors", async () => {
    const served = await serveState(createReplaySeed("login-policy-org", wire));
    const call = async (rpc: string, request: JsonObject): Promise<string> => {
      const method = servedMethods.get("zitadel.admin.v1.AdminService")?.get(rpc);
      const headers = { authorization: "Bearer token-of-iam_owner" };
      const outcome = method && (await callRaw(wire, served.port, method, request, headers));
      if (outcome !== undefined && "ok" in outcome && typeof outcome.ok["idpId"] === "string") {
        return outcome.ok["idpId"];
      }
      return outcome === undefined ? "no such RPC" : formatOutcome(outcome);
    };
    const legacy = { name: "l", clientId: "c", clientSecret: "s", issuer: "i" };
    const idpId = await call("AddOIDCIDP", legacy);
    const policy = { allowRegister: true, passwordlessType: "PASSWORDLESS_TYPE_ALLOWED" };
    const email = { type: "SECOND_FACTOR_TYPE_OTP_EMAIL" };
    const multi = { type: "MULTI_FACTOR_TYPE_U2F_WITH_VERIFICATION" };
    const steps: [rpc: string, request: JsonObject, expected: string][] = [
      [
        "AddIDPToLoginPolicy",
        { idpId: "1" },
        "9 Identity Provider Configuration doesn't exist (INSTANCE-m8fsd)",
      ],
      ["AddIDPToLoginPolicy", { idpId }, "ok"],
      ["AddIDPToLoginPolicy", { idpId }, "6 Identity provider already exists (INSTANCE-2B0ps)"],
      [
        "RemoveIDPFromLoginPolicy",
        { idpId: "1" },
        "5 Identity provider doesn't exist (INSTANCE-39fjs)",
      ],
      ["RemoveIDP", { idpId }, "ok"],
      // The write side does not see that the removed legacy IDP is gone.
      ["RemoveIDPFromLoginPolicy", { idpId }, "ok"],
      ["RemoveIDPFromLoginPolicy", { idpId }, "5 Identity provider doesn't exist (INSTANCE-39fjs)"],
      [
        "UpdateLoginPolicy",
        { ...policy, defaultRedirectUri: "not a uri" },
        "3 Default Redirect URI is invalid (INST-SFdqd)",
      ],
      ["UpdateLoginPolicy", policy, "ok"],
      [
        "UpdateLoginPolicy",
        policy,
        "9 Default Login Policy has not been changed (INSTANCE-5M9vdd)",
      ],
      ["AddSecondFactorToLoginPolicy", email, "ok"],
      // The instance has no text for this key.
      [
        "AddSecondFactorToLoginPolicy",
        email,
        "6 Errors.Instance.MFA.AlreadyExists (INSTANCE-2B0ps)",
      ],
      ["RemoveSecondFactorFromLoginPolicy", email, "ok"],
      ["RemoveSecondFactorFromLoginPolicy", email, "5 Multifactor not existing (INSTANCE-3M9od)"],
      [
        "AddMultiFactorToLoginPolicy",
        multi,
        "6 Errors.Instance.MFA.AlreadyExists (INSTANCE-3M9od)",
      ],
      ["RemoveMultiFactorFromLoginPolicy", multi, "ok"],
      ["RemoveMultiFactorFromLoginPolicy", multi, "5 Multifactor not existing (INSTANCE-3M9df)"],
    ];
    const outcomes: string[] = [];
    for (const [rpc, request] of steps) {
      outcomes.push(await call(rpc, request));
    }
    await served.close();
    expect(outcomes).toEqual(steps.map(([, , expected]) => expected));
  });
});
