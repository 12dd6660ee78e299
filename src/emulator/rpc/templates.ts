import { clone, create, equals, isFieldSet } from "@bufbuild/protobuf";
import { type ReflectMessage, reflect } from "@bufbuild/protobuf/reflect";
import type { Duration } from "@bufbuild/protobuf/wkt";
import { Code } from "@connectrpc/connect";
import {
  AutoLinkingOption,
  AutoLinkingOptionSchema,
  IDPOwnerType,
  IDPState,
  LDAPAttributesSchema,
  type Options,
  OptionsSchema,
  type ProviderConfig,
  ProviderConfigSchema,
  ProviderSchema,
} from "../../../gen/zitadel/idp_pb.js";
import type { ListQuery } from "../../../gen/zitadel/object_pb.js";
import { addedDetails, changedDetails, lastEvent, page, readDetails, touch } from "../details.js";
import { problem } from "../problem.js";
import { type Owner, recordOne, type State } from "../state.js";
import { type Context, type Handler, type Ids, ids, pick, trim } from "./context.js";
import { type Kind, kinds } from "./kinds.js";
import { listed, type Query } from "./queries.js";

/** The RPCs on providers of the types in `kinds`, and those that get, list and delete providers of any type. */
export const templateHandlers: Readonly<Record<string, Handler>> = {
  GetProviderByID: getProvider,
  ListProviders: listProviders,
  DeleteProvider: deleteProvider,
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

function add(
  kind: Kind,
  request: ReflectMessage,
  { owner, state }: Context,
): Record<string, unknown> {
  refuseBlanks(request, kind.add, owner);
  const config = readConfig(kind, request);
  refuseWrong(kind, config);
  const id = state.clock.newId();
  const event = recordOne(owner, state.clock);
  const view = create(ProviderSchema, {
    id,
    details: readDetails(owner, event),
    state: IDPState.IDP_STATE_ACTIVE,
    name: text(request, "name"),
    owner: owner.type,
    type: kind.type,
    config,
  });
  owner.providers.set(id, { view, added: clone(ProviderSchema, view) });
  return { id, details: addedDetails(owner, event) };
}

/** A full replace, but for what the server cannot empty. Without an effective change there is no event. */
function update(
  kind: Kind,
  request: ReflectMessage,
  { owner, state }: Context,
): Record<string, unknown> {
  refuseBlanks(request, kind.update, owner);
  const next = readConfig(kind, request);
  refuseWrong(kind, next);
  const stored = owner.providers.get(trim(text(request, "id")));
  if (stored === undefined || stored.view.type !== kind.type) {
    throw missing(owner, kind.missing);
  }
  const { view, added } = stored;
  const current = view.config ?? create(ProviderConfigSchema);
  const name = text(request, "name");
  const secretGiven = kind.secret !== undefined && !isEmpty(request, kind.secret);
  const scopesKept = keepScopes(next, current);
  keepRootCa(next, current, added.config);

  const changed =
    secretGiven || scopesKept || name !== view.name || !equals(ProviderConfigSchema, next, current);
  if (changed) {
    touch(view.details, recordOne(owner, state.clock));
    view.name = name;
    view.config = next;
  }
  return { details: changedDetails(owner, lastEvent(view.details)) };
}

function getProvider({ id }: { id: string }, { owner }: Context): Record<string, unknown> {
  const idp = owner.providers.get(id)?.view;
  if (idp === undefined) {
    throw problem(Code.NotFound, "QUERY-SAFrt", "Errors.IDPConfig.NotExisting");
  }
  return { idp };
}

function listProviders(
  request: { query?: ListQuery; queries: Query[] },
  { owner, state }: Context,
): Record<string, unknown> {
  if (request.queries.some(({ query }) => query.case === undefined)) {
    const id = owner.type === IDPOwnerType.IDP_OWNER_TYPE_SYSTEM ? "ADMIN-Dr2aa" : "ORG-Dr2aa";
    throw problem(Code.InvalidArgument, id, "List.Query.Invalid");
  }
  const all = visible(owner, state).flatMap((each) =>
    [...each.providers.values()].map(({ view }) => view),
  );
  return page(listed(all, request.queries), request.query, state.clock.now());
}

function deleteProvider(
  { id }: { id: string },
  { owner, state }: Context,
): Record<string, unknown> {
  if (!owner.providers.delete(id)) {
    throw missing(owner, ids("Se3tg"));
  }
  return { details: changedDetails(owner, recordOne(owner, state.clock)) };
}

/** Whose providers the lists of an owner show: an organization sees those of the instance beside its own. */
export function visible(owner: Owner, state: State): Owner[] {
  return owner === state.instance ? [owner] : [owner, state.instance];
}

/** The error of a command that finds no such provider: only the instance's text is translated. */
export function missing(owner: Owner, id: Ids): Error {
  const key =
    owner.type === IDPOwnerType.IDP_OWNER_TYPE_SYSTEM
      ? "Errors.IDPConfig.NotExisting"
      : "Errors.Org.IDPConfig.NotExisting";
  return problem(Code.NotFound, pick(owner, id), key);
}

/** Trims the fields that must not be blank, in the request itself, as the server stores them. */
function refuseBlanks(request: ReflectMessage, fields: Kind["add"], owner: Owner): void {
  for (const [name, id] of fields) {
    const field = fieldNamed(request, name);
    const value = trim(text(request, name));
    if (value === "") {
      throw problem(Code.InvalidArgument, pick(owner, id), "Errors.Invalid.Argument");
    }
    request.set(field, value);
  }
}

function refuseWrong(kind: Kind, { config }: ProviderConfig): void {
  const id = kind.check?.(config);
  if (id !== undefined) {
    throw problem(Code.InvalidArgument, id, "Errors.Invalid.Argument");
  }
}

/** The config that a request asks for: each field of the type's config message that the request has too. */
function readConfig(kind: Kind, request: ReflectMessage): ProviderConfig {
  const config = reflect(ProviderConfigSchema);
  const member = fieldNamed(config, ProviderConfigSchema.field[kind.config].name);
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
  if (message.config.case === "ldap") {
    message.config.value.attributes ??= create(LDAPAttributesSchema);
    setTimeoutOf(message.config.value);
  }
  return message;
}

function readOptions(request: ReflectMessage): Options {
  const field = fieldNamed(request, "provider_options");
  const given = request.isSet(field) ? (request.get(field) as ReflectMessage).message : undefined;
  const options =
    given === undefined ? create(OptionsSchema) : clone(OptionsSchema, given as Options);
  if (AutoLinkingOptionSchema.value[options.autoLinking] === undefined) {
    options.autoLinking = AutoLinkingOption.UNSPECIFIED;
  }
  return options;
}

const maxDurationNanos = 2n ** 63n - 1n;

/** A timeout is stored in nanoseconds, which end at 63 bits; none and zero are the same. */
function setTimeoutOf(ldap: { timeout?: Duration | undefined }): void {
  if (ldap.timeout === undefined) {
    return;
  }
  const nanos = ldap.timeout.seconds * 1_000_000_000n + BigInt(ldap.timeout.nanos);
  const stored =
    nanos > maxDurationNanos
      ? maxDurationNanos
      : nanos < -maxDurationNanos
        ? -maxDurationNanos
        : nanos;
  if (stored === 0n) {
    ldap.timeout = undefined;
    return;
  }
  ldap.timeout.seconds = stored / 1_000_000_000n;
  ldap.timeout.nanos = Number(stored % 1_000_000_000n);
}

/** An update cannot empty the scopes: they stay. It counts as a change all the same. */
function keepScopes(next: ProviderConfig, current: ProviderConfig): boolean {
  const [wanted, stored] = [next.config.value, current.config.value];
  if (wanted && stored && "scopes" in wanted && "scopes" in stored) {
    if (wanted.scopes.length === 0 && stored.scopes.length > 0) {
      wanted.scopes = [...stored.scopes];
      return true;
    }
  }
  return false;
}

/** An LDAP root CA that is left out, or is the one given at the add, is no change: the current one stays. */
function keepRootCa(
  next: ProviderConfig,
  current: ProviderConfig,
  added: ProviderConfig | undefined,
): void {
  if (
    next.config.case !== "ldap" ||
    current.config.case !== "ldap" ||
    added?.config.case !== "ldap"
  ) {
    return;
  }
  const wanted = next.config.value.rootCa;
  const original = added.config.value.rootCa;
  const same =
    wanted.length === original.length && wanted.every((byte, index) => byte === original[index]);
  if (wanted.length === 0 || same) {
    next.config.value.rootCa = current.config.value.rootCa;
  }
}

function fieldNamed(message: ReflectMessage, name: string): ReflectMessage["fields"][number] {
  const field = message.fields.find((each) => each.name === name);
  if (field === undefined) {
    throw new Error(`${message.desc.typeName} has no field ${name}`);
  }
  return field;
}

function text(request: ReflectMessage, name: string): string {
  return String(request.get(fieldNamed(request, name)));
}

function isEmpty(request: ReflectMessage, name: string): boolean {
  return !isFieldSet(request.message, fieldNamed(request, name));
}
