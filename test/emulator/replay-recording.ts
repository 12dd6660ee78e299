import type { JsonValue } from "@bufbuild/protobuf";
import type { EmulatorSeed } from "zitadel-idp/emulator";
import { servedMethods } from "../../src/emulator/methods.js";
import { seedServiceUser } from "../../src/emulator/seed/seed-service-user.js";
import type { Outcome, Recording, RpcStep } from "../support/recordings.js";
import { callRaw, type WireName } from "../support/wires.js";
import { rpcsNotEmulated } from "./known-differences.js";
import type { ServedState } from "./serve-state.js";

const [org, org2] = ["100000000000000001", "100000000000000002"];
const unique = "u7f3k";

const [orgName, org2Name] = [`rec-${unique}-org`, `rec-${unique}-org2`];

/** The service users of the recordings. Each is created before its first call, or at the start if the recording lists it. */
const actors: Readonly<Record<string, Omit<ServiceUser, "name" | "token">>> = {
  no_membership: { organization: org },
  org_owner: { organization: org, organizationRoles: { [org]: ["ORG_OWNER"] } },
  org_viewer: { organization: org, organizationRoles: { [org]: ["ORG_OWNER_VIEWER"] } },
  org_user_manager: { organization: org, organizationRoles: { [org]: ["ORG_USER_MANAGER"] } },
  org_settings_manager: {
    organization: org,
    organizationRoles: { [org]: ["ORG_SETTINGS_MANAGER"] },
  },
  other_org_owner: { organization: org2, organizationRoles: { [org2]: ["ORG_OWNER"] } },
  two_org_owner: {
    organization: org,
    organizationRoles: { [org]: ["ORG_OWNER"], [org2]: ["ORG_OWNER"] },
  },
  iam_viewer: { organization: org, instanceRoles: ["IAM_OWNER_VIEWER"] },
  iam_org_manager: { organization: org, instanceRoles: ["IAM_ORG_MANAGER"] },
  iam_user_manager: { organization: org, instanceRoles: ["IAM_USER_MANAGER"] },
};

type ServiceUser = NonNullable<EmulatorSeed["serviceUsers"]>[number];

/** The numbers of organizations on the recorded server where a recording shows them. */
const organizationCounts: Readonly<Record<string, Readonly<Record<WireName, number>>>> = {
  "operator-organizations": { json: 30, grpc: 32, "grpc-web": 34 },
};

/** Creates the seed for the replay of a recording. */
export function createReplaySeed(recording: string, wire: WireName): EmulatorSeed {
  const organizations = [
    { name: "ZITADEL" },
    { id: org, name: orgName },
    { id: org2, name: org2Name },
  ];
  const count = organizationCounts[recording]?.[wire] ?? organizations.length;
  const others = Array.from({ length: count - organizations.length }, (_, index) => ({
    name: `other ${index}`,
  }));
  return {
    organizations: [...organizations, ...others],
    serviceUsers: [
      {
        name: "boss",
        organization: "ZITADEL",
        instanceRoles: ["IAM_OWNER"],
        token: "token-of-iam_owner",
      },
    ],
  };
}

/** A replayed step: the outcome here and the recorded one, in the same form. */
export interface ReplayedStep {
  step: RpcStep;
  outcome: unknown;
  expected: unknown;
}

/** Replays the steps of a recording against an emulator. */
export async function replayRecording(
  recording: Recording,
  wire: WireName,
  served: ServedState,
): Promise<ReplayedStep[]> {
  const instance = served.state.instance.id;
  const values: Record<string, string> = {
    org,
    org2,
    instance,
    u: unique,
    unknown: "999999999999999999",
  };
  const normalizer = createNormalizer(values, served);
  const addActor = (name: string): void => {
    const actor = actors[name];
    if (actor !== undefined && values[`user.${name}`] === undefined) {
      values[`user.${name}`] = createActor(served, name, actor);
    }
  };
  recording.actors?.forEach(addActor);
  const results: ReplayedStep[] = [];
  for (const [index, step] of recording.steps.entries()) {
    const expected = recording.expected[index]?.[wire] ?? recording.expected[index]?.["all"];
    const [service = "", rpc = ""] = step.rpc.split("/");
    const { metadata, request } = fill(step, values);
    const method = servedMethods.get(service)?.get(rpc);
    for (const [, name = ""] of actorNames(step.auth)) {
      addActor(name);
    }
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

/** Creates the user of an actor and returns its id. Its name for people is that of the actor. */
function createActor(
  { state }: ServedState,
  name: string,
  actor: Omit<ServiceUser, "name" | "token">,
): string {
  const userName = `${name}-${unique}`;
  seedServiceUser(state, { ...actor, name: userName, token: `token-of-${name}` });
  const user = state.accounts.byName.get(userName)?.user;
  return Object.assign(user ?? { id: "" }, { displayName: name }).id;
}

/** Finds the names of actors whose tokens a step sends. */
function actorNames(auth: RpcStep["auth"]): Iterable<RegExpMatchArray> {
  const header = typeof auth === "string" ? `<${auth}>` : (auth?.raw ?? "");
  return header.matchAll(/<(\w+)>/g);
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
function createNormalizer(values: Record<string, string>, { state }: ServedState): Normalizer {
  const times: string[] = [];
  const before = new Map(
    [state.instance, ...state.organizations.values()]
      .filter(({ id }) => [state.instance.id, org, org2].includes(id))
      .map((owner) => [owner.id, Number(owner.sequence)]),
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
      case "Crypted":
        return "<ciphertext>";
      case "domain":
        return /^zitadel-[a-z]+\.localhost$/.test(value) ? "<generated domain>" : value;
      case "creationDate":
      case "changeDate":
      case "version":
        return timeOf(value);
      case "editorId":
      case "id":
      case "idpConfigId":
      case "idpId":
      case "orgId":
      case "resourceOwner":
      case "resourceOwnerId":
      case "userId":
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
    if (!Array.isArray(value)) {
      return value;
    }
    if (step.anyPage) {
      return typeof value[0] === "object" ? `<${value.length} items>` : value;
    }
    return value.map((item) => JSON.stringify(item)).toSorted((a, b) => (a < b ? -1 : 1));
  }) as Outcome;
}
