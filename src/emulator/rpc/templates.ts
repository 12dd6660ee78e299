import { clone, create, equals } from "@bufbuild/protobuf";
import { isReflectMessage, reflect, type ReflectMessage } from "@bufbuild/protobuf/reflect";
import { Code } from "@connectrpc/connect";
import {
  AutoLinkingOption,
  AutoLinkingOptionSchema,
  IDPOwnerType,
  IDPState,
  type Options,
  OptionsSchema,
  type ProviderConfig,
  ProviderConfigSchema,
  ProviderSchema,
  ProviderType,
} from "../../../gen/zitadel/idp_pb.js";
import type { ListQuery } from "../../../gen/zitadel/object_pb.js";
import { addedDetails, changedDetails, lastEvent, page, readDetails, touch } from "../details.js";
import { andThen, type Eventually } from "../eventually.js";
import { problem } from "../problem.js";
import { type Owner, recordOne, type State, type StoredProvider } from "../state.js";
import { trim } from "../../utils/trim.js";
import { type Context, type Fields, type Handler, type Ids, ids, pick } from "./context.js";
import { type Kind, kinds, type NotBlank } from "./kinds.js";
import { listed, type Query } from "./queries.js";
import { fieldOf, isGiven, textOf } from "./request.js";
import { createCertificate } from "../saml/certificate.js";
import { refuseNul, refuseNulId } from "./strings.js";

/** The RPCs on providers of the types in `kinds`, and the RPCs that get, list and delete providers of any type. */
export const templateHandlers: Readonly<Record<string, Handler>> = {
  GetProviderByID: getProvider,
  ListProviders: listProviders,
  DeleteProvider: deleteProvider,
  RegenerateSAMLProviderCertificate: regenerateCertificate,
  ...Object.fromEntries(
    kinds.flatMap((kind): [string, Handler][] => [
      [
        `Add${kind.rpc}Provider`,
        (request, context) => add(kind, reflect(context.input, request), context),
      ],
      [
        `Update${kind.rpc}Provider`,
        (request, context) => update(kind, reflect(context.input, request), context),
      ],
    ]),
  ),
};

function add(kind: Kind, request: ReflectMessage, context: Context): Eventually<Fields> {
  const draft = readDraft(kind, kind.add, request, context);
  return andThen(draft, (each) => store(kind, request, each, context));
}

function store(
  kind: Kind,
  request: ReflectMessage,
  draft: Draft,
  { owner, state }: Context,
): Fields {
  refuseNul(request);
  const id = state.clock.newId();
  const event = recordOne(owner, state.clock);
  const view = create(ProviderSchema, {
    id,
    details: readDetails(owner, event),
    state: IDPState.IDP_STATE_ACTIVE,
    owner: owner.type,
    type: kind.type,
    ...draft,
  });
  const stored = { view, added: { ...cloneDraft(draft), event } };
  kind.quirks?.added?.(stored, request);
  owner.providers.set(id, stored);
  return { id, details: addedDetails(owner, event) };
}

/**
 * Replaces a provider, except for the fields that the server cannot empty. An update without an effective change writes no event.
 */
function update(kind: Kind, request: ReflectMessage, context: Context): Eventually<Fields> {
  const draft = readDraft(kind, kind.update, request, context);
  return andThen(draft, (next) => replace(kind, request, next, context));
}

function replace(
  kind: Kind,
  request: ReflectMessage,
  next: Draft,
  { owner, state }: Context,
): Fields {
  const stored = owner.providers.get(trim(textOf(request, "id")));
  if (stored === undefined || !isOfKind(stored, kind, owner)) {
    throw missing(owner, kind.missing, kind.missingKey);
  }
  const { view } = stored;
  const secretGiven = kind.secret !== undefined && isGiven(request, kind.secret);
  let changed: boolean;
  if (view.type === kind.type) {
    if (owner.legacy.has(view.id)) {
      keepIdTokenMapping(stored, next.config);
    }
    const kept = kind.quirks?.keep?.({ request, next, stored }) ?? false;
    const scopesKept = kind.type !== ProviderType.ZITADEL && keepScopes(next.config, view.config);
    changed = secretGiven || kept || scopesKept || !sameDraft(next, view);
  } else {
    // A legacy IDP of the other type has no config that the update could change.
    next.config.config = view.config?.config ?? next.config.config;
    changed = true;
  }
  if (changed) {
    refuseNul(request);
    touch(view.details, recordOne(owner, state.clock));
    view.name = next.name;
    view.config = next.config;
  }
  const event =
    !changed && kind.quirks?.noChangeShowsAdd ? stored.added.event : lastEvent(view.details);
  return { details: changedDetails(owner, event) };
}

/**
 * Returns true if an update finds the provider. Updates of Generic OIDC and of JWT providers both find legacy IDPs of either
 * type.
 */
function isOfKind({ view }: StoredProvider, kind: Kind, owner: Owner): boolean {
  const open = kind.type === ProviderType.OIDC || kind.type === ProviderType.JWT;
  const isLegacyType = view.type === ProviderType.OIDC || view.type === ProviderType.JWT;
  return view.type === kind.type || (open && isLegacyType && owner.legacy.has(view.id));
}

function getProvider({ id }: { id: string }, { owner }: Context): Fields {
  refuseNulId(id);
  const idp = owner.providers.get(id)?.view;
  if (idp === undefined) {
    throw problem(Code.NotFound, "QUERY-SAFrt", "Errors.IDPConfig.NotExisting");
  }
  return { idp };
}

function listProviders(
  request: { query?: ListQuery; queries: Query[] },
  { owner, state }: Context,
): Fields {
  if (request.queries.some(({ query }) => query.case === undefined)) {
    const id = owner === state.instance ? "ADMIN-Dr2aa" : "ORG-Dr2aa";
    throw problem(Code.InvalidArgument, id, "List.Query.Invalid");
  }
  const all = visible(owner, state).flatMap((each) =>
    [...each.providers.values()].map(({ view }) => view),
  );
  return page(listed(all, request.queries), request.query, state.clock.now());
}

/** Deletes a provider. Login policies and human users keep their links to it. */
function deleteProvider({ id }: { id: string }, { owner, state }: Context): Fields {
  // The server's delete does not find providers of the type ZITADEL.
  if (owner.providers.get(id)?.view.type === ProviderType.ZITADEL || !owner.providers.delete(id)) {
    throw missing(owner, ids("Se3tg"));
  }
  return { details: changedDetails(owner, recordOne(owner, state.clock)) };
}

function regenerateCertificate({ id }: { id: string }, { owner, state }: Context): Fields {
  if (trim(id) === "") {
    throw problem(
      Code.InvalidArgument,
      pick(owner, ids("7de108gqya", "arv4vdrb6c")),
      "Errors.Invalid.Argument",
    );
  }
  const stored = owner.providers.get(trim(id));
  if (stored?.view.type !== ProviderType.SAML) {
    throw missing(owner, ids("76dbwsv9vm", "4dw21ch9o9"));
  }
  stored.certificate = createCertificate();
  const event = recordOne(owner, state.clock);
  touch(stored.view.details, event);
  return { details: changedDetails(owner, event) };
}

/** Returns the owners whose providers the lists of `owner` show: an organization also sees those of the instance. */
export function visible(owner: Owner, state: State): Owner[] {
  return owner === state.instance ? [owner] : [owner, state.instance];
}

/** Creates the error of a command that does not find a provider. The server mostly translates only the text for the instance. */
export function missing(owner: Owner, id: Ids, orgKey = "Errors.Org.IDPConfig.NotExisting"): Error {
  const onInstance = owner.type === IDPOwnerType.IDP_OWNER_TYPE_SYSTEM;
  return problem(
    Code.NotFound,
    pick(owner, id),
    onInstance ? "Errors.IDPConfig.NotExisting" : orgKey,
  );
}

/** The parts of a provider that a request sets. */
export interface Draft {
  name: string;
  readonly config: ProviderConfig;
}

/**
 * Reads and checks the parts of a provider that a request sets, by the rules of the command: blank strings first, then the rules
 * of the type.
 */
export function readDraft(
  kind: Kind,
  notBlank: readonly NotBlank[],
  request: ReflectMessage,
  context: Context,
): Eventually<Draft> {
  refuseBlanks(request, notBlank, context.owner);
  const config = readConfig(kind, request);
  kind.quirks?.complete?.(config, request);
  const checked = kind.quirks?.check?.(config, request, context);
  return andThen(checked, () => ({ name: textOf(request, "name"), config }));
}

/** Copies a draft, so that later updates do not change the copy. */
export function cloneDraft({ name, config }: Draft): Draft {
  return { name, config: clone(ProviderConfigSchema, config) };
}

/**
 * Throws the error for the first blank field. Also trims the fields in the request itself, because the server stores them
 * trimmed.
 */
function refuseBlanks(request: ReflectMessage, fields: readonly NotBlank[], owner: Owner): void {
  for (const [name, id, key = "Errors.Invalid.Argument"] of fields) {
    const value = trim(textOf(request, name));
    if (value === "") {
      throw problem(Code.InvalidArgument, pick(owner, id), key);
    }
    request.set(fieldOf(request, name), value);
  }
}

/** Copies the fields that the config message of a type and the request have in common. */
function readConfig(kind: Kind, request: ReflectMessage): ProviderConfig {
  const config = reflect(ProviderConfigSchema);
  const member = ProviderConfigSchema.field[kind.config];
  if (member.fieldKind !== "message") {
    throw new Error(`${member.name} is not a message`);
  }
  const target = reflect(member.message);
  for (const field of target.fields) {
    const source = request.fields.find(({ name }) => name === field.name);
    if (source !== undefined && request.isSet(source)) {
      target.set(field, request.get(source));
    }
  }
  config.set(member, target);
  const message = clone(ProviderConfigSchema, config.message as ProviderConfig);
  message.options = readOptions(request);
  return message;
}

function readOptions(request: ReflectMessage): Options {
  const given: unknown = request.get(fieldOf(request, "provider_options"));
  const options = isReflectMessage(given)
    ? clone(OptionsSchema, given.message as Options)
    : create(OptionsSchema);
  if (AutoLinkingOptionSchema.value[options.autoLinking] === undefined) {
    options.autoLinking = AutoLinkingOption.UNSPECIFIED;
  }
  return options;
}

/**
 * Keeps the id token mapping of a legacy IDP. Reads show the mapping as on, but on the write side it is off, so an update with
 * "off" is no change.
 */
function keepIdTokenMapping(stored: StoredProvider, { config }: ProviderConfig): void {
  if (config.case === "oidc") {
    stored.idTokenMappingGiven ||= config.value.isIdTokenMapping;
    config.value.isIdTokenMapping ||= !stored.idTokenMappingGiven;
  }
}

/**
 * Keeps the scopes if an update has none, because an update cannot empty them. Returns true if the server counts that as a
 * change.
 */
function keepScopes(next: ProviderConfig, current: ProviderConfig | undefined): boolean {
  const [wanted, stored] = [next.config.value, current?.config.value];
  if (wanted && stored && "scopes" in wanted && "scopes" in stored && wanted.scopes.length === 0) {
    wanted.scopes = [...stored.scopes];
    return stored.scopes.length > 0;
  }
  return false;
}

function sameDraft(a: Draft, b: { name: string; config?: ProviderConfig | undefined }): boolean {
  return (
    a.name === b.name && b.config !== undefined && equals(ProviderConfigSchema, a.config, b.config)
  );
}
