import type { JsonObject } from "@bufbuild/protobuf";
import { servedMethods } from "../../src/emulator/methods.js";
import type { Outcome, Recording, RpcStep } from "../support/recordings.js";

/** The level of the owner whose providers a recording is about. */
type Level = "instance" | "org";

const services: Readonly<Record<Level, string>> = {
  org: "zitadel.management.v1.ManagementService",
  instance: "zitadel.admin.v1.AdminService",
};

/** The RPCs of an organization that have another name on the instance. */
const instanceRpcs: Readonly<Record<string, string>> = {
  AddOrgOIDCIDP: "AddOIDCIDP",
  AddOrgJWTIDP: "AddJWTIDP",
  GetOrgIDPByID: "GetIDPByID",
  ListOrgIDPs: "ListIDPs",
  UpdateOrgIDP: "UpdateIDP",
  UpdateOrgIDPOIDCConfig: "UpdateIDPOIDCConfig",
  UpdateOrgIDPJWTConfig: "UpdateIDPJWTConfig",
  DeactivateOrgIDP: "DeactivateIDP",
  ReactivateOrgIDP: "ReactivateIDP",
  RemoveOrgIDP: "RemoveIDP",
  UpdateCustomLoginPolicy: "UpdateLoginPolicy",
};

/**
 * The error ids of an organization and of the instance, as far as they differ in more than the prefix. They come from the
 * documentation of ZITADEL's errors, not from the emulator. A pair with an RPC of an organization belongs to that RPC only.
 */
const errorIds: readonly (readonly [org: string, instance: string, rpc?: string])[] = [
  ["ORG-sadf3d", "INST-sdf3f"],
  ["ORG-asfsa", "INST-SAffg"],
  ["ORG-SAe4gh", "INST-JKD3h"],
  ["ORG-D32ef", "INST-Sf3gh", "UpdateGenericOAuthProvider"],
  ["ORG-Dbgzf", "INST-SHJ3ui", "UpdateGenericOAuthProvider"],
  ["ORG-B23bs", "INST-SVrgh", "UpdateGenericOAuthProvider"],
  ["ORG-D2gj8", "INST-DJKeio", "UpdateGenericOAuthProvider"],
  ["ORG-Fb8jk", "INST-ILSJi", "UpdateGenericOAuthProvider"],
  ["ORG-JNsd3", "INST-D3r1s", "UpdateGenericOAuthProvider"],
  ["ORG-Dg239201", "INST-Dg29201"],
  ["ORG-x09981", "INST-Dg29202"],
  ["ORG-Dqrg1", "INST-D3r1s", "UpdateGoogleProvider"],
  ["ORG-SAy945n", "INST-SAx905n"],
  ["ORG-S1x705n", "INST-S1x905n"],
  ["ORG-aAx9x1n", "INST-aAx905n"],
  ["ORG-Sxx945n", "INST-SAx945n"],
  ["ORG-S1p605n", "INST-S1x605n"],
  ["ORG-aBx901n", "INST-aAx901n"],
  ["ORG-957lr0f8u3", "INST-o07zjotgnd"],
  ["ORG-78isv6m53a", "INST-3bi3esi16t"],
  ["ORG-ipzxvf3cv2", "INST-8vam1khq22"],
  ["ORG-wwdwdlaya0", "INST-7o3rq1owpm"],
  ["ORG-egixaofgyl", "INST-q2s9rak7o9"],
  ["ORG-bkaiyd3rfo", "INST-iijz4h01if"],
  ["ORG-j6spncd74m", "INST-iw1rxnf4sf"],
  ["ORG-SFqqh42", "INST-dsfj3kl2"],
  ["ORG-z82dddndql", "INST-D3r1s", "UpdateSAMLProvider"],
  ["ORG-arv4vdrb6c", "INST-7de108gqya"],
  ["ORG-4dw21ch9o9", "INST-76dbwsv9vm"],
  ["ORG-c3EC3W", "INST-Sgtj5"],
  ["ORG-TYAbiK", "INST-Hz6zj"],
  ["ORG-feyb3A", "INST-fb5jm"],
  ["ORG-DxaSb9", "INST-Sfdf4"],
  ["ORG-M0QmjB", "INST-9uEJaM"],
  ["ORG-HAELEz", "INST-y4Ib4D"],
  ["ORG-Dr2aa", "ADMIN-Dr2aa"],
  ["Org-1J9fs", "INSTANCE-m0e3r"],
  ["Org-jf9w", "INSTANCE-3k0fs"],
  ["Org-67J9d", "INSTANCE-2m00d", "UpdateOrgIDPJWTConfig"],
  ["Org-10ods", "INSTANCE-d8kwF"],
  ["Org-2k9fs", "INSTANCE-3n9gg"],
  ["Org-BBmd0", "INSTANCE-2n0fs"],
  ["QUERY-rhR2o", "INSTANCE-4M0xy", "RemoveOrgIDP"],
  // Before a removal, an organization reads the IDP, and the instance lists it.
  ["QUERY-zE3Ro", "QUERY-xPlVH", "RemoveOrgIDP"],
  ["Org-Ffgw2", "INSTANCE-GVDfe"],
  ["Org-3N9fs", "INSTANCE-m8fsd"],
  ["Org-GVDfe", "INSTANCE-Dfg4t"],
  ["Org-Sfd21", "INST-SFdqd"],
];

const missingProviderText = "Identity Provider Configuration doesn't exist";

/** The texts of errors that differ between the levels, and the ids of the organization that have the text of the instance. */
const errorTexts: readonly (readonly [org: string, instance: string])[] = [
  ["Errors.Org.IDPConfig.NotExisting", missingProviderText],
  ["Errors.Org.LoginPolicy.NotChanged", "Default Login Policy has not been changed"],
  ["Errors.Org.LoginPolicy.IDP.AlreadyExists", "Identity provider already exists"],
  ["Errors.Org.LoginPolicy.IDP.NotExisting", "Identity provider doesn't exist"],
  ["Login Policy not found", "Default Login Policy not found"],
];
const idsWithSameText = ["ORG-SG3bh", "Org-3N9fs", "QUERY-rhR2o", "QUERY-SAFrt"];

/** The steps whose outcomes on the instance are others, by the documentation of the errors. */
const instanceErrors: Readonly<Record<string, JsonObject>> = {
  // The instance looks at the metadata before it parses them.
  "saml: metadata empty (org)": createError(3, "INST-3bi3esi16t", "Errors.Invalid.Argument"),
  // Only the lists of an organization validate their queries before the handler.
  "legacy list: empty query": createError(3, "ADMIN-VmqQu", "List.Query.Invalid"),
};

function createError(code: number, id: string, message: string): JsonObject {
  const type = "type.googleapis.com/zitadel.v1.ErrorDetail";
  return { code, message: `${message} (${id})`, details: [{ "@type": type, id, message }] };
}

/** A step of a twin, with its outcomes by wire protocol. */
interface TwinStep {
  readonly step: RpcStep;
  readonly expected: Record<string, Outcome>;
}

/** Returns the level of most calls of a recording. */
function readLevel({ steps }: Recording): Level {
  const onInstance = steps.filter(({ rpc }) => rpc.startsWith(services.instance)).length;
  const onOrg = steps.filter(({ rpc }) => rpc.startsWith(services.org)).length;
  return onInstance > onOrg ? "instance" : "org";
}

/**
 * Creates the recording of the same steps on the other level. Leaves out the steps that the other level does not have: calls of
 * the other service and for another organization, and the steps that need their results.
 */
export function createTwin(recording: Recording): Recording {
  const from = readLevel(recording);
  const missing = new Set<string>();
  const kept = recording.steps.flatMap((step, index): TwinStep[] => {
    const expected = recording.expected[index];
    const rpc = translateRpc(step.rpc, from);
    const needed = [...JSON.stringify(step.request).matchAll(/\$\{([^}]+)\}/g)];
    if (
      rpc === undefined ||
      expected === undefined ||
      (step.metadata?.["x-zitadel-orgid"] ?? "${org}") !== "${org}" ||
      step.name.includes("owner type") ||
      needed.some(([, name = ""]) => missing.has(name))
    ) {
      Object.keys(step.save ?? {}).forEach((name) => missing.add(name));
      return [];
    }
    const request = withoutOwnerQueries(swapOwners(step.request, from));
    const translated = translateAll(expected, step, from);
    return [{ step: { ...step, rpc, request }, expected: inLanguage(translated, step, recording) }];
  });
  return {
    ...recording,
    name: `${recording.name}, on the other level`,
    steps: kept.map(({ step }) => step),
    expected: kept.map(({ expected }) => expected),
  };
}

/**
 * Writes the text for a missing provider in the language that a step asks for, as the recording shows it in the error of a read. An
 * organization has no text for it in any language.
 */
function inLanguage(
  expected: Record<string, Outcome>,
  { metadata }: RpcStep,
  { steps, expected: all }: Recording,
): Record<string, Outcome> {
  const language = metadata?.["accept-language"];
  const read = steps.findIndex(
    (each) =>
      each.rpc.endsWith("/GetProviderByID") && each.metadata?.["accept-language"] === language,
  );
  const outcome = all[read]?.["all"];
  if (language === undefined || outcome === undefined || !("error" in outcome)) {
    return expected;
  }
  const text = String(outcome.error["message"]).replace(/ \([^)]*\)$/, "");
  return JSON.parse(JSON.stringify(expected).replaceAll(missingProviderText, text)) as Record<
    string,
    Outcome
  >;
}

/** Returns true for an RPC of a v2 service, which has one service for both levels. */
function isV2(rpc: string): boolean {
  return rpc.includes(".v2.");
}

/** Returns the same RPC on the other level. Undefined if there is none, or if it is not an RPC of the level. */
function translateRpc(rpc: string, from: Level): string | undefined {
  if (isV2(rpc)) {
    return rpc;
  }
  const [, method = ""] = rpc.split("/");
  const twin = translateMethod(method, from);
  const service = services[other(from)];
  return rpc.startsWith(services[from]) && servedMethods.get(service)?.has(twin)
    ? `${service}/${twin}`
    : undefined;
}

function translateMethod(method: string, from: Level): string {
  const pairs = Object.entries(instanceRpcs);
  const pair = pairs.find(([org, instance]) => method === (from === "org" ? org : instance));
  return pair === undefined ? method : pair[from === "org" ? 1 : 0];
}

function other(level: Level): Level {
  return level === "org" ? "instance" : "org";
}

/** Removes the queries by the type of the owner, which lists of the instance do not have. */
function withoutOwnerQueries(request: JsonObject): JsonObject {
  const queries = request["queries"] as JsonObject[] | undefined;
  return queries === undefined
    ? request
    : { ...request, queries: queries.filter((query) => query["ownerTypeQuery"] === undefined) };
}

/** Replaces the owner in a message by the one of the other level. */
function swapOwners(message: JsonObject, from: Level): JsonObject {
  const [orgType, instanceType] = ["IDP_OWNER_TYPE_ORG", "IDP_OWNER_TYPE_SYSTEM"];
  const text = JSON.stringify(message);
  return JSON.parse(
    from === "org"
      ? text.replaceAll("<org>", "<instance>").replaceAll(orgType, instanceType)
      : text.replaceAll("<instance>", "<org>").replaceAll(instanceType, orgType),
  ) as JsonObject;
}

function translateAll(
  expected: Record<string, Outcome>,
  step: RpcStep,
  from: Level,
): Record<string, Outcome> {
  return Object.fromEntries(
    Object.entries(expected).map(([wire, outcome]) => [wire, translate(outcome, step, from)]),
  );
}

function translate(outcome: Outcome, { name, rpc }: RpcStep, from: Level): Outcome {
  const [, method = ""] = rpc.split("/");
  const instanceError = from === "org" ? instanceErrors[name] : undefined;
  if (instanceError !== undefined) {
    return { error: instanceError };
  }
  if ("error" in outcome) {
    return { error: translateError(outcome.error, method, from) };
  }
  if (!("ok" in outcome)) {
    return outcome;
  }
  const ok = swapOwners(outcome.ok, from);
  return { ok: isV2(rpc) ? ok : toOtherOwner(ok, method, from) };
}

/** The login policy that every instance has. A recorded policy of an organization has other factors. */
const defaultPolicy = {
  isDefault: true,
  secondFactors: ["SECOND_FACTOR_TYPE_OTP", "SECOND_FACTOR_TYPE_U2F"],
  multiFactors: ["MULTI_FACTOR_TYPE_U2F_WITH_VERIFICATION"],
};

/** Adapts a successful response to what the method shows on the other level beside the owner. */
function toOtherOwner(ok: JsonObject, method: string, from: Level): JsonObject {
  if (method === "RemoveIDP" || method === "RemoveOrgIDP") {
    // Only the instance returns details.
    return {};
  }
  const policy = ok["policy"] as JsonObject | undefined;
  if (policy !== undefined && from === "org") {
    return { ...ok, policy: { ...policy, ...defaultPolicy } };
  }
  return (method === "GetIDPByID" || method === "GetOrgIDPByID") && ok["idp"] !== undefined
    ? withOwnerOfRead(ok, from)
    : ok;
}

/**
 * Returns a legacy IDP as the read of the other level shows it: on the instance with its id as the owner, and without the header
 * name of a JWT IDP.
 */
function withOwnerOfRead(ok: JsonObject, from: Level): JsonObject {
  const idp = ok["idp"] as JsonObject;
  const resourceOwner = from === "org" ? (idp["id"] ?? null) : "<org>";
  const details = { ...(idp["details"] as JsonObject), resourceOwner };
  const jwt = idp["jwtConfig"] as JsonObject | undefined;
  const { headerName: _, ...jwtConfig } = jwt ?? {};
  return { ...ok, idp: { ...idp, details, ...(jwt && { jwtConfig }) } };
}

function translateError(error: JsonObject, method: string, from: Level): JsonObject {
  const { code, message, details } = error;
  const [detail] = (details ?? []) as { id?: string; message: string }[];
  if (detail?.id === undefined) {
    const request = `${method}Request`;
    return {
      ...error,
      message: String(message).replaceAll(request, `${translateMethod(method, from)}Request`),
    };
  }
  const id = translateId(detail.id, method, from);
  const text = translateText(detail.message, from === "org" ? detail.id : id, from);
  return {
    code: code ?? null,
    message: `${text} (${id})`,
    details: [{ ...detail, id, message: text }],
  };
}

function translateId(id: string, method: string, from: Level): string {
  const [own, twin] = from === "org" ? ([0, 1] as const) : ([1, 0] as const);
  const orgMethod = from === "org" ? method : translateMethod(method, from);
  const pairs = errorIds.filter((pair) => pair[own] === id);
  const pair =
    pairs.find(([, , rpc]) => rpc === orgMethod) ?? pairs.find(([, , rpc]) => rpc === undefined);
  if (pair !== undefined) {
    return pair[twin];
  }
  const prefixes = [
    ["ORG-", "INST-"],
    ["Org-", "INSTANCE-"],
  ] as const;
  const prefix = prefixes.find((each) => id.startsWith(each[own]));
  // The check of root CAs has the same id for both levels.
  return prefix === undefined || id === "INST-cwqVVdBwKt"
    ? id
    : prefix[twin] + id.slice(prefix[own].length);
}

function translateText(text: string, orgId: string, from: Level): string {
  const [own, twin] = from === "org" ? ([0, 1] as const) : ([1, 0] as const);
  const pair = errorTexts.find((each) => each[own] === text);
  if (pair !== undefined && !idsWithSameText.includes(orgId)) {
    return pair[twin];
  }
  return from === "org"
    ? text.replace("Errors.Org.IDPConfig", "Errors.Instance.IDPConfig")
    : text.replace("Errors.Instance.IDPConfig", "Errors.Org.IDPConfig");
}
