import { type DescMessage, type Message, toBinary } from "@bufbuild/protobuf";
import { IDPSchema, ProviderSchema } from "../../../gen/zitadel/idp_pb.js";
import { LoginPolicySchema } from "../../../gen/zitadel/policy_pb.js";
import { isPlainObject } from "../../utils/is-plain-object.js";
import type { EmulatorState } from "../store/emulator-state.js";
import type { StoredEvent } from "../store/add-to-event-log.js";
import type { StoredOwner } from "../store/stored-owner.js";
import type { ServiceProviderCertificate } from "../store/stored-provider.js";
import { createSamlCertificate } from "../saml/saml-certificate.js";
import type { StateSnapshot } from "./state-snapshot.js";
import { fromTaggedJson, toTaggedJson } from "./tagged-json.js";

/** The text that identifies a file as a snapshot, with the version of the format. */
const format = "zitadel-idp emulator snapshot 1";

/** The contents of a snapshot file. Certificates are texts in a list of their own, and events name their users. */
interface SnapshotContents {
  readonly instance: StoredOwner;
  readonly organizations: ReadonlyMap<string, StoredOwner>;
  readonly humans: StateSnapshot["humans"];
  readonly events: readonly (Omit<StoredEvent, "editor"> & { readonly editor?: string })[];
  /** The certificates of SAML providers by id: null for one that was never read. */
  readonly certificates: ReadonlyMap<string, string | null>;
}

/**
 * Returns a snapshot in the form of a JSON file, without secrets, tokens and begun sign-ins. A sign-in with a provider that was loaded
 * from the file sends an empty secret until an update sets one.
 */
export async function writeSnapshotFile(snapshot: StateSnapshot): Promise<unknown> {
  const { instance, organizations, humans, events } = snapshot;
  const providers = [instance, ...organizations.values()].flatMap((owner) => [...owner.providers]);
  const certificates = await Promise.all(
    providers.flatMap(([id, { certificate }]) =>
      certificate === undefined ? [] : [toEntry(id, certificate)],
    ),
  );
  const contents: SnapshotContents = {
    instance: toFileOwner(instance),
    organizations: new Map([...organizations].map(([id, owner]) => [id, toFileOwner(owner)])),
    humans,
    events: events.map(({ editor, ...event }) => ({
      ...event,
      ...(editor && { editor: editor.name }),
    })),
    certificates: new Map(certificates),
  };
  return { format, contents: toTaggedJson(contents) };
}

async function toEntry(
  id: string,
  { created }: ServiceProviderCertificate,
): Promise<readonly [string, string | null]> {
  return [id, (await created) ?? null];
}

/** Returns an owner without the certificates and client secrets of its providers. */
function toFileOwner(owner: StoredOwner): StoredOwner {
  const providers = [...owner.providers].map(
    ([id, { certificate: _certificate, ...provider }]) => [id, provider] as const,
  );
  const writeModels = [...owner.writeModels].map(
    ([id, ofTypes]) =>
      [
        id,
        new Map(
          [...ofTypes].map(([type, { clientSecret: _clientSecret, ...model }]) => [type, model]),
        ),
      ] as const,
  );
  return { ...owner, providers: new Map(providers), writeModels: new Map(writeModels) };
}

/**
 * Reads the snapshot in a file. The users stay those of this emulator. The instance and the organizations get the ids that they have in
 * this emulator, because a seed without ids gives them other ids in each run.
 *
 * Throws a TypeError that names the problem.
 */
export function readSnapshotFile(file: unknown, state: EmulatorState): StateSnapshot {
  if (!isPlainObject(file) || file["format"] !== format) {
    throw new TypeError(
      `this is not a snapshot of the emulator: "format" must be ${JSON.stringify(format)}`,
    );
  }
  const original = fromTaggedJson(file["contents"], (text) => text);
  checkContents(original);
  const newIds = matchIds(original, state);
  const contents = fromTaggedJson(file["contents"], (text) => newIds.get(text) ?? text);
  checkContents(contents);
  const { instance, organizations, humans, events, certificates } = contents;
  const owners = [instance, ...organizations.values()];
  for (const provider of owners.flatMap((owner) => [...owner.providers.values()])) {
    const text = certificates.get(provider.view.id);
    if (text !== undefined) {
      provider.certificate = createSamlCertificate(
        text === null ? undefined : Promise.resolve(text),
      );
    }
  }
  return {
    instance,
    organizations: new Map(organizations),
    humans,
    events: events.map(({ editor, ...event }) => ({
      ...event,
      editor: state.accounts.byName.get(editor ?? "")?.user,
    })),
    intents: new Map(),
  };
}

/** Returns the ids of this emulator by the ids in the file. Matches organizations by id, then by name. */
function matchIds(
  { instance, organizations }: SnapshotContents,
  state: EmulatorState,
): ReadonlyMap<string, string> {
  const newIds = new Map([[instance.id, state.instance.id]]);
  for (const { id, name } of state.organizations.values()) {
    const same =
      organizations.get(id) ?? [...organizations.values()].find((each) => each.name === name);
    if (same === undefined) {
      throw new TypeError(
        `the snapshot has no organization ${JSON.stringify(name)}: start the emulator with the seed that it had when the snapshot was saved`,
      );
    }
    newIds.set(same.id, id);
  }
  return newIds;
}

function checkContents(contents: unknown): asserts contents is SnapshotContents {
  const { instance, organizations, humans, events, certificates } = isPlainObject(contents)
    ? contents
    : {};
  const isComplete =
    organizations instanceof Map &&
    humans instanceof Map &&
    Array.isArray(events) &&
    certificates instanceof Map &&
    [instance, ...organizations.values()].every(isOwner);
  if (!isComplete) {
    throw new TypeError("the snapshot is damaged: download it again");
  }
}

function isOwner(owner: unknown): owner is StoredOwner {
  const { id, name, sequence, providers, writeModels, legacy, legacyNames, loginPolicy } =
    isPlainObject(owner) ? owner : {};
  return (
    typeof id === "string" &&
    typeof name === "string" &&
    typeof sequence === "bigint" &&
    writeModels instanceof Map &&
    legacyNames instanceof Map &&
    areViews(ProviderSchema, providers) &&
    areViews(IDPSchema, legacy) &&
    (loginPolicy === undefined || isView(LoginPolicySchema, loginPolicy))
  );
}

function areViews(desc: DescMessage, stored: unknown): boolean {
  return stored instanceof Map && [...stored.values()].every((each) => isView(desc, each));
}

/** Returns true if the view of a stored object is a complete message, so that reads can send it. */
function isView(desc: DescMessage, stored: unknown): boolean {
  try {
    toBinary(desc, (stored as { view: Message }).view);
    return true;
  } catch {
    return false;
  }
}
