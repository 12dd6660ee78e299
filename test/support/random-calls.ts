import {
  clone,
  type DescMethodUnary,
  type JsonObject,
  type JsonValue,
  type Message,
  ScalarType,
  toJson,
} from "@bufbuild/protobuf";
import { reflect } from "@bufbuild/protobuf/reflect";
import { Code, ConnectError, type IdpClient } from "zitadel-idp";
import type { EmulatorSeed } from "zitadel-idp/emulator";
import { isIdField } from "./is-id-field.js";
import { toStatusJson } from "./wires.js";
import { type Random, randomMessage } from "./random-message.js";

const human = "300000000000000001";

/** The contents of an emulator for random calls, with the token "t". */
export const randomCallSeed: EmulatorSeed = {
  instance: { id: "100000000000000001" },
  organizations: [{ id: "200000000000000001", name: "one" }],
  serviceUsers: [{ name: "owner", organization: "one", token: "t", instanceRoles: ["IAM_OWNER"] }],
  humans: [{ id: human, name: "human", organization: "one" }],
};

/** A call for several emulators, which issue different ids. */
export interface RandomCall {
  readonly method: DescMethodUnary;
  /** The request without ids. */
  readonly request: Message;
  /** The number of a known id for each id field. Each emulator has its own id for this number. */
  readonly choices: ReadonlyMap<string, number>;
}

/** A client of one emulator, and the ids that the emulator issued, in order. */
export interface RandomCallTarget {
  readonly client: Pick<IdpClient, "management" | "admin">;
  readonly ids: string[];
}

/** Creates a random call that is likely to succeed: with short texts, small pages, and known ids. */
export function createRandomCall(method: DescMethodUnary, random: Random): RandomCall {
  const request = randomMessage(method.input, random, { maxDepth: 3 });
  const choices = new Map<string, number>();
  const fields = reflect(method.input, request);
  for (const field of method.input.fields) {
    if (isIdField(field)) {
      choices.set(field.name, random.integer(1000));
      fields.set(field, "");
    } else if (
      field.fieldKind === "scalar" &&
      field.scalar === ScalarType.STRING &&
      !field.oneof &&
      random.chance(0.9)
    ) {
      fields.set(field, random.pick(["one", "two", " padded ", "https://a.example/"]));
    }
  }
  return { method, request, choices };
}

/** Makes a call. Returns its response or its error in a form that is the same for each emulator. */
export async function makeRandomCall(
  target: RandomCallTarget,
  call: RandomCall,
): Promise<JsonValue> {
  const { method } = call;
  const { management, admin } = target.client;
  const service = method.parent.typeName.includes("admin") ? admin : management;
  const send = service[method.localName as keyof typeof service] as (
    request: Message,
  ) => Promise<Message>;
  try {
    const response = toJson(method.output, await send(withIds(call, target.ids)));
    const { id, idpId = id } = response as JsonObject;
    if (typeof idpId === "string") {
      target.ids.push(idpId);
    }
    return normalize(target, { ok: response });
  } catch (reason) {
    const error = ConnectError.from(reason);
    if ([Code.Unimplemented, Code.Unavailable, Code.Canceled].includes(error.code)) {
      throw error;
    }
    return normalize(target, toStatusJson(error));
  }
}

function withIds(
  { method: { input }, request, choices }: RandomCall,
  ids: readonly string[],
): Message {
  const copy = reflect(input, clone(input, request));
  for (const [name, choice] of choices) {
    const field = input.fields.find((each) => each.name === name);
    if (field !== undefined) {
      const id = name === "user_id" ? human : (ids[choice % (ids.length + 1)] ?? "999");
      copy.set(field, id);
    }
  }
  return copy.message;
}

/**
 * Removes the differences between two emulators: times, the ids that they issued, and the order of lists, which has no meaning.
 */
function normalize({ ids }: RandomCallTarget, json: JsonValue): JsonValue {
  const text = JSON.stringify(json, (key, value: unknown) =>
    /^(creationDate|changeDate|viewTimestamp)$/.test(key) ? "<time>" : value,
  );
  const named = JSON.parse(
    text.replace(/\b\d{18}\b/g, (id) => (ids.includes(id) ? `<id ${ids.indexOf(id)}>` : id)),
  ) as { ok?: { result?: JsonValue[]; details?: { totalResult?: string } } };
  const { result, details } = named.ok ?? {};
  if (named.ok !== undefined && result !== undefined) {
    // The contents of a page are arbitrary, because lists have no order.
    const isWhole = result.length === Number(details?.totalResult);
    named.ok.result = isWhole
      ? result.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
      : [result.length];
  }
  return named;
}
