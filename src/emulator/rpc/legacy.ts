import { create } from "@bufbuild/protobuf";
import { Code, type ConnectError } from "@connectrpc/connect";
import {
  type GenericOIDCConfig,
  GenericOIDCConfigSchema,
  type IDP,
  IDPFieldName,
  IDPOwnerType,
  IDPSchema,
  IDPState,
  type IDPStylingType,
  type OIDCConfig,
  OIDCConfigSchema,
  type OIDCMappingField,
  OptionsSchema,
  ProviderConfigSchema,
  ProviderSchema,
  ProviderType,
} from "../../../gen/zitadel/idp_pb.js";
import type { ListQuery } from "../../../gen/zitadel/object_pb.js";
import { addedDetails, changedDetails, page, readDetails, touch } from "../details.js";
import { problem } from "../problem.js";
import { type Event, type Owner, record, recordOne } from "../state.js";
import { type Context, type Handler, type Ids, pick } from "./context.js";
import { listed, type Query } from "./queries.js";
import { visible } from "./templates.js";

/** What the RPCs that add and change an OIDC config have in common. */
interface OidcFields {
  clientId: string;
  clientSecret: string;
  issuer: string;
  scopes: string[];
  displayNameMapping: OIDCMappingField;
  usernameMapping: OIDCMappingField;
}

interface AddOidc extends OidcFields {
  name: string;
  stylingType: IDPStylingType;
  autoRegister: boolean;
}

/** The RPCs of the older IDP API, as far as they are about OIDC. Management's names differ, their meaning does not. */
export const adminLegacyHandlers: Record<string, Handler> = {
  AddOIDCIDP: addOidc,
  GetIDPByID: getLegacy,
  ListIDPs: listLegacy,
  UpdateIDP: updateLegacy,
  UpdateIDPOIDCConfig: updateOidc,
  RemoveIDP: removeLegacy,
};
export const managementLegacyHandlers: Record<string, Handler> = {
  AddOrgOIDCIDP: addOidc,
  GetOrgIDPByID: getLegacy,
  ListOrgIDPs: listLegacy,
  UpdateOrgIDP: updateLegacy,
  UpdateOrgIDPOIDCConfig: updateOidc,
  RemoveOrgIDP: removeLegacy,
};

/** Nothing is trimmed or checked for blanks here. Two events: the IDP, and its config. */
function addOidc(request: AddOidc, { owner, state }: Context): Record<string, unknown> {
  const id = state.clock.newId();
  takeName(owner, id, request.name);
  const [, event] = record(owner, state.clock, 2) as [Event, Event];
  const idp = create(IDPSchema, {
    id,
    details: readDetails(owner, event),
    state: IDPState.IDP_STATE_ACTIVE,
    name: request.name,
    stylingType: request.stylingType,
    owner: owner.type,
    autoRegister: request.autoRegister,
    config: {
      case: "oidcConfig",
      value: create(OIDCConfigSchema, {
        clientId: request.clientId,
        issuer: request.issuer,
        scopes: request.scopes,
        displayNameMapping: request.displayNameMapping,
        usernameMapping: request.usernameMapping,
      }),
    },
  });
  owner.legacy.set(id, idp);
  showAsProvider(owner, idp, event);
  return { idpId: id, details: addedDetails(owner, event) };
}

/** The provider API shows a legacy IDP too: always as active, and with what it lacks filled in. */
function showAsProvider(owner: Owner, idp: IDP, event: Event): void {
  const oidc = oidcOf(idp);
  const make = (): ReturnType<typeof create<typeof ProviderSchema>> =>
    create(ProviderSchema, {
      id: idp.id,
      details: readDetails(owner, event),
      state: IDPState.IDP_STATE_ACTIVE,
      name: idp.name,
      owner: owner.type,
      type: ProviderType.OIDC,
      config: create(ProviderConfigSchema, {
        options: create(OptionsSchema, {
          isLinkingAllowed: true,
          isCreationAllowed: true,
          isAutoCreation: idp.autoRegister,
        }),
        config: {
          case: "oidc",
          value: create(GenericOIDCConfigSchema, {
            issuer: oidc?.issuer ?? "",
            clientId: oidc?.clientId ?? "",
            scopes: [...(oidc?.scopes ?? [])],
            isIdTokenMapping: true,
          }),
        },
      }),
    });
  owner.providers.set(idp.id, { view: make(), added: make() });
}

function getLegacy({ id }: { id: string }, { owner, state }: Context): Record<string, unknown> {
  const idp = visible(owner, state)
    .map((each) => each.legacy.get(id))
    .find((each) => each !== undefined);
  if (idp === undefined) {
    throw problem(Code.NotFound, "QUERY-rhR2o", "Errors.IDPConfig.NotExisting");
  }
  if (owner !== state.instance || idp.details === undefined) {
    return { idp };
  }
  // The AdminService names the IDP itself as the owner.
  return { idp: { ...idp, details: { ...idp.details, resourceOwner: idp.id } } };
}

function listLegacy(
  request: { query?: ListQuery; sortingColumn: IDPFieldName; queries: Query[] },
  { owner, state }: Context,
): Record<string, unknown> {
  if (request.queries.some(({ query }) => query.case === undefined)) {
    throw problem(Code.InvalidArgument, "ADMIN-VmqQu", "List.Query.Invalid");
  }
  const all = visible(owner, state).flatMap((each) => [...each.legacy.values()]);
  const found = listed(all, request.queries);
  if (request.sortingColumn === IDPFieldName.IDP_FIELD_NAME_NAME) {
    const direction = request.query?.asc ? 1 : -1;
    found.sort((a, b) => direction * compareByBytes(a.name, b.name));
  }
  return page(found, request.query, state.clock.now());
}

function updateLegacy(
  request: { idpId: string; name: string; stylingType: IDPStylingType; autoRegister: boolean },
  { owner, state }: Context,
): Record<string, unknown> {
  const idp = owner.legacy.get(request.idpId);
  if (idp === undefined) {
    throw refusal(owner, Code.NotFound, ["INSTANCE-m0e3r", "Org-1J9fs"], "NotExisting");
  }
  const { name, stylingType, autoRegister } = request;
  if (name === idp.name && stylingType === idp.stylingType && autoRegister === idp.autoRegister) {
    throw refusal(owner, Code.FailedPrecondition, ["INSTANCE-3k0fs", "Org-jf9w"], "NotChanged");
  }
  takeName(owner, idp.id, name, idp.name);
  const event = recordOne(owner, state.clock);
  Object.assign(idp, { name, stylingType, autoRegister });
  touch(idp.details, event);
  const shown = owner.providers.get(idp.id)?.view;
  if (shown !== undefined) {
    shown.name = name;
    if (shown.config?.options !== undefined) {
      shown.config.options.isAutoCreation = autoRegister;
    }
    touch(shown.details, event);
  }
  return { details: changedDetails(owner, event) };
}

/** What is left out of scopes and mappings stays, though the event is written; reads move only with a real change. */
function updateOidc(
  request: OidcFields & { idpId: string },
  { owner, state }: Context,
): Record<string, unknown> {
  const idp = owner.legacy.get(request.idpId);
  const oidc = idp && oidcOf(idp);
  if (idp === undefined || oidc === undefined) {
    // The server's text says the opposite of what happened.
    throw rawRefusal(owner, Code.NotFound, ["INSTANCE-67J9d", "Org-67J9d"], "AlreadyExists");
  }
  const wanted = {
    clientId: request.clientId,
    issuer: request.issuer,
    displayNameMapping: request.displayNameMapping,
    usernameMapping: request.usernameMapping,
  };
  const sameScopes =
    request.scopes.length === oidc.scopes.length &&
    request.scopes.every((scope, i) => scope === oidc.scopes[i]);
  const same = Object.entries(wanted).every(
    ([key, value]) => oidc[key as keyof typeof wanted] === value,
  );
  if (same && sameScopes && request.clientSecret === "") {
    throw refusal(owner, Code.FailedPrecondition, ["INSTANCE-d8kwF", "Org-10ods"], "NotChanged");
  }
  const event = recordOne(owner, state.clock);
  const effective = {
    ...wanted,
    displayNameMapping: request.displayNameMapping || oidc.displayNameMapping,
    usernameMapping: request.usernameMapping || oidc.usernameMapping,
    scopes: request.scopes.length > 0 ? request.scopes : oidc.scopes,
  };
  const visiblyChanged =
    request.clientSecret !== "" ||
    (!sameScopes && request.scopes.length > 0) ||
    Object.keys(wanted).some((key) => {
      const name = key as keyof typeof wanted;
      return effective[name] !== oidc[name];
    });
  if (visiblyChanged) {
    Object.assign(oidc, effective);
    touch(idp.details, event);
    const shown = owner.providers.get(idp.id)?.view;
    const config: GenericOIDCConfig | undefined =
      shown?.config?.config.case === "oidc" ? shown.config.config.value : undefined;
    if (config !== undefined) {
      config.issuer = effective.issuer;
      config.clientId = effective.clientId;
      config.scopes = [...effective.scopes];
      touch(shown?.details, event);
    }
  }
  return { details: changedDetails(owner, event) };
}

function removeLegacy(
  { idpId }: { idpId: string },
  { owner, state }: Context,
): Record<string, unknown> {
  const idp = owner.legacy.get(idpId);
  if (idp === undefined) {
    if (owner === state.instance) {
      throw problem(Code.NotFound, "INSTANCE-4M0xy", "Errors.IDPConfig.NotExisting");
    }
    throw state.instance.legacy.has(idpId)
      ? problem(Code.NotFound, "Org-Yx9vd", "Errors.Org.IDPConfig.NotExisting")
      : problem(Code.NotFound, "QUERY-rhR2o", "Errors.IDPConfig.NotExisting");
  }
  owner.legacy.delete(idpId);
  owner.providers.delete(idpId);
  owner.legacyNames.delete(idp.name.toLowerCase());
  const event = recordOne(owner, state.clock);
  // RemoveOrgIDPResponse has no fields.
  return owner === state.instance ? { details: changedDetails(owner, event) } : {};
}

/** Names of legacy IDPs are unique within their owner, whatever their case. */
function takeName(owner: Owner, id: string, name: string, before?: string): void {
  const key = name.toLowerCase();
  const holder = owner.legacyNames.get(key);
  if (holder !== undefined && holder !== id) {
    throw problem(Code.AlreadyExists, "V3-DKcYh", "Errors.IDPConfig.AlreadyExists");
  }
  if (before !== undefined) {
    owner.legacyNames.delete(before.toLowerCase());
  }
  owner.legacyNames.set(key, id);
}

function oidcOf(idp: IDP): OIDCConfig | undefined {
  return idp.config.case === "oidcConfig" ? idp.config.value : undefined;
}

/** An error of a legacy command. The instance translates that an IDP does not exist; all other texts are bare keys. */
function refusal(owner: Owner, code: Code, ids: Ids, reason: string): ConnectError {
  return owner.type === IDPOwnerType.IDP_OWNER_TYPE_SYSTEM && reason === "NotExisting"
    ? problem(code, pick(owner, ids), "Errors.IDPConfig.NotExisting")
    : rawRefusal(owner, code, ids, reason);
}

function rawRefusal(owner: Owner, code: Code, ids: Ids, reason: string): ConnectError {
  const level = owner.type === IDPOwnerType.IDP_OWNER_TYPE_SYSTEM ? "Instance" : "Org";
  return problem(code, pick(owner, ids), `Errors.${level}.IDPConfig.${reason}`);
}

/** Names sort by their UTF-8 bytes. */
function compareByBytes(a: string, b: string): number {
  const [left, right] = [new TextEncoder().encode(a), new TextEncoder().encode(b)];
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index++) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) {
      return difference;
    }
  }
  return left.length - right.length;
}
