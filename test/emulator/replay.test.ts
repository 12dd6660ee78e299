import type { JsonValue } from "@bufbuild/protobuf";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { EmulatorSeed } from "zitadel-idp/emulator";
import { methods } from "../../src/emulator/methods.js";
import {
  type Outcome,
  readRecording,
  type Recording,
  type RpcStep,
} from "../support/recordings.js";
import { callRaw, type WireName, wireNames } from "../support/wires.js";
import { knownDifferences, rpcsNotEmulated } from "./known-differences.js";
import { type ServedState, serveState } from "./serve-state.js";

/**
 * The number of steps in each recording that are compared, on each wire protocol. The numbers are here so that a lost step fails
 * the test.
 */
const recordings: Record<string, number> = {
  "auth-context": 31,
  "auth-header": 26,
  "auth-language": 40,
  "auth-roles": 73,
  "interplay-legacy-org": 66,
  "legacy-org": 93,
  links: 28,
  "lists-legacy-org": 19,
  "lists-providers-org": 95,
  "login-policy-org": 75,
  "migrate-org": 27,
  "template-apple-org": 36,
  "template-azure-org": 36,
  "template-github-org": 36,
  "template-github_es-instance": 37,
  "template-github_es-org": 36,
  "template-gitlab-instance": 37,
  "template-gitlab_self_hosted-org": 36,
  "template-google-instance": 37,
  "template-jwt-org": 34,
  "template-ldap-instance": 37,
  "template-ldap-org": 36,
  "template-oauth-instance": 37,
  "template-oauth-org": 36,
  "template-oidc-instance": 37,
  "template-oidc-org": 36,
  "template-saml-instance": 39,
  "template-saml-org": 38,
  "template-zitadel-instance": 37,
  "template-zitadel-org": 36,
  "validation-ldap-org": 111,
  "validation-legacy-instance": 18,
  "validation-oauth-org": 64,
  "validation-oidc-org": 40,
  "validation-others": 130,
};

const [org, org2] = ["100000000000000001", "100000000000000002"];
const unique = "u7f3k";

const actors: NonNullable<EmulatorSeed["serviceUsers"]> = [
  { name: "iam_owner", organization: "first", instanceRoles: ["IAM_OWNER"] },
  { name: "no_membership", organization: "org" },
  { name: "org_owner", organization: "org", organizationRoles: { org: ["ORG_OWNER"] } },
  { name: "org_viewer", organization: "org", organizationRoles: { org: ["ORG_OWNER_VIEWER"] } },
  {
    name: "org_user_manager",
    organization: "org",
    organizationRoles: { org: ["ORG_USER_MANAGER"] },
  },
  {
    name: "org_settings_manager",
    organization: "org",
    organizationRoles: { org: ["ORG_SETTINGS_MANAGER"] },
  },
  { name: "other_org_owner", organization: "org2", organizationRoles: { org2: ["ORG_OWNER"] } },
  {
    name: "two_org_owner",
    organization: "org",
    organizationRoles: { org: ["ORG_OWNER"], org2: ["ORG_OWNER"] },
  },
  { name: "iam_viewer", organization: "org", instanceRoles: ["IAM_OWNER_VIEWER"] },
  { name: "iam_org_manager", organization: "org", instanceRoles: ["IAM_ORG_MANAGER"] },
  { name: "iam_user_manager", organization: "org", instanceRoles: ["IAM_USER_MANAGER"] },
].map((user) => ({ ...user, token: `token-of-${user.name}` }));

const seed: EmulatorSeed = {
  organizations: [{ name: "first" }, { id: org, name: "org" }, { id: org2, name: "org2" }],
  serviceUsers: actors,
};

describe.each(Object.entries(recordings))("the recording %s", (name, count) => {
  const recording = readRecording(name);

  describe.each(wireNames)("over %s", (wire) => {
    let served: ServedState;
    let results: Result[];
    beforeAll(async () => {
      served = await serveState(seed);
      results = await replay(recording, wire, served);
    });
    afterAll(() => served.close());

    test(`has ${count} steps that match`, () => {
      for (const { step, outcome, expected } of results) {
        const difference =
          knownDifferences[`${name}: ${step.name}`] ??
          knownDifferences[`${name}: ${step.name} (${wire})`];
        const check = expect.soft(
          outcome,
          `${step.name}${difference ? " (listed as different)" : ""}`,
        );
        (difference === undefined ? check : check.not).toEqual(expected);
      }
      expect(results.length).toBe(count);
    });
  });
});

interface Result {
  step: RpcStep;
  outcome: unknown;
  expected: unknown;
}

async function replay(
  recording: Recording,
  wire: WireName,
  served: ServedState,
): Promise<Result[]> {
  const instance = served.state.instance.id;
  const values: Record<string, string> = {
    org,
    org2,
    instance,
    u: unique,
    unknown: "999999999999999999",
  };
  const normalizer = createNormalizer(recording, values, served);
  const results: Result[] = [];
  for (const [index, step] of recording.steps.entries()) {
    const expected = recording.expected[index]?.[wire] ?? recording.expected[index]?.["all"];
    const [service = "", rpc = ""] = step.rpc.split("/");
    const { metadata, request } = fill(step, values);
    const method = methods.get(service)?.get(rpc);
    if (method === undefined) {
      if (rpcsNotEmulated[step.rpc] === undefined) {
        throw new Error(`${step.rpc} is neither emulated nor listed in rpcsNotEmulated`);
      }
      const createdId = served.apply(rpc, request, { org, org2 });
      Object.assign(
        values,
        Object.fromEntries(Object.keys(step.save ?? {}).map((key) => [key, createdId])),
      );
      normalizer.passOver(expected);
      continue;
    }
    const outcome = await callRaw(wire, served.port, method, request, {
      ...authorization(step.auth),
      ...(service.endsWith("ManagementService") && { "x-zitadel-orgid": org }),
      ...(metadata !== undefined && { "x-zitadel-orgid": [] }),
      ...metadata,
    });
    if ("ok" in outcome) {
      for (const [key, path] of Object.entries(step.save ?? {})) {
        values[key] = String(outcome.ok[path]);
      }
    }
    results.push({
      step,
      outcome: inOrder(step, normalizer.normalize(outcome)),
      expected: inOrder(step, expected),
    });
  }
  return results;
}

function authorization(auth: RpcStep["auth"] = "iam_owner"): Record<string, string> {
  if (auth === "none") {
    return {};
  }
  if (typeof auth === "string") {
    return { authorization: `Bearer ${auth === "bad" ? "nobody" : `token-of-${auth}`}` };
  }
  return { authorization: auth.raw.replace(/<(\w+)>/g, "token-of-$1") };
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

interface Normalizer {
  normalize(outcome: unknown): JsonValue;
  /** Counts the times in a step that is not sent. */
  passOver(expected: unknown): void;
}

/**
 * Creates a normalizer that writes ids, times and sequences as the recordings do: ids by name, times by order, sequences by
 * distance from the start.
 */
function createNormalizer(
  recording: Recording,
  values: Record<string, string>,
  { state }: ServedState,
): Normalizer {
  const times: string[] = [];
  // The recordings count from before the actors became members, which took one event each.
  const before = new Map(
    [state.instance, ...state.organizations.values()].map((owner) => [
      owner.id,
      Number(owner.sequence) -
        memberships(recording, owner.id === state.instance.id ? "instance" : owner.name),
    ]),
  );
  const nameOf = (id: string): string | undefined => {
    const [name] = Object.entries(values).find(([, value]) => value === id) ?? [];
    return name && (["org", "org2", "instance"].includes(name) ? `<${name}>` : `<id:${name}>`);
  };
  const timeOf = (time: string): string => {
    if (!times.includes(time)) {
      times.push(time);
    }
    return `<ts:${times.indexOf(time) + 1}>`;
  };
  const text = (key: string, value: string, owner: string): string => {
    switch (key) {
      case "sequence": {
        const distance = Number(value) - (before.get(owner) ?? before.get(state.instance.id) ?? 0);
        // The history of a user can be shorter than that of the organization.
        return distance < 0 || (distance === 0 && owner === state.instance.id)
          ? "<seq before>"
          : `<seq+${distance}>`;
      }
      case "viewTimestamp":
        return "<view>";
      case "creationDate":
      case "changeDate":
        return timeOf(value);
      case "id":
      case "idpId":
      case "userId":
      case "resourceOwner":
        return nameOf(value) ?? (/^\d{18}$/.test(value) ? "<id>" : value);
      default:
        return value.replaceAll(unique, "<u>");
    }
  };
  const walk = (key: string, value: unknown, owner: string): JsonValue => {
    if (typeof value === "string") {
      return text(key, value, owner);
    }
    if (Array.isArray(value)) {
      return value.map((item) => walk(key, item, owner));
    }
    if (typeof value === "object" && value !== null) {
      const inner = "resourceOwner" in value ? String(value.resourceOwner) : owner;
      return Object.fromEntries(
        Object.entries(value).map(([name, each]) => [name, walk(name, each, inner)]),
      );
    }
    return value as JsonValue;
  };
  return {
    normalize: (outcome) => walk("", outcome, ""),
    passOver(expected) {
      for (const [, number] of JSON.stringify(expected).matchAll(/<ts:(\d+)>/g)) {
        while (times.length < Number(number)) {
          times.push(`passed over ${times.length}`);
        }
      }
    },
  };
}

/** Sorts lists whose order has no meaning, and reduces pages with arbitrary contents to their length. */
function inOrder(step: RpcStep, outcome: unknown): unknown {
  if (!(step.unordered || step.anyPage)) {
    return outcome;
  }
  return JSON.parse(JSON.stringify(outcome), (_, value: unknown) => {
    if (!Array.isArray(value) || typeof value[0] !== "object") {
      return value;
    }
    return step.anyPage
      ? `<${value.length} items>`
      : value.map((item) => JSON.stringify(item)).toSorted((a, b) => (a < b ? -1 : 1));
  }) as Outcome;
}

function memberships({ actors: names = [] }: Recording, owner: string): number {
  const present = actors.filter(({ name }) => names.includes(name));
  return present.filter((user) =>
    owner === "instance"
      ? user.instanceRoles !== undefined
      : user.organizationRoles?.[owner] !== undefined,
  ).length;
}
