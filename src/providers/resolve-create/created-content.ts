import { create, equals } from "@bufbuild/protobuf";
import type { Duration } from "@bufbuild/protobuf/wkt";
import { DurationSchema } from "../../../gen/google/protobuf/duration_pb.js";
import {
  type IDP,
  IDPSchema,
  JWTConfigSchema,
  type LoginPolicy,
  LoginPolicySchema,
  OIDCConfigSchema,
  OptionsSchema,
  type Provider,
  ProviderConfigSchema,
} from "../../services/idp.js";
import { limitDuration } from "../../utils/limit-duration.js";
import { type FieldValues, toFieldValues } from "../model/field-specs.js";
import type { ProviderType } from "../model/provider.js";
import { storageRules, toStoredName } from "../model/stored-values.js";
import type { LegacyConfigCase } from "./add-methods.js";
import { toExpectedMessage, trimTexts } from "./expected-message.js";

/**
 * Returns true if a provider has the content that an add with this request creates: the type, the name, the options and every readable
 * setting. Secrets are not compared, because reads never return them, and neither are metadata if the request has only their URL.
 */
export function hasProviderContent(
  type: ProviderType,
  request: FieldValues,
  provider: Provider,
): boolean {
  const { config, name } = provider;
  if (config?.config.case !== type || name !== toStoredName(type, request)) {
    return false;
  }
  const { providerOptions } = request;
  const expectedOptions = toExpectedMessage(OptionsSchema, (providerOptions ?? {}) as FieldValues);
  if (!equals(OptionsSchema, expectedOptions, config.options ?? create(OptionsSchema))) {
    return false;
  }
  const member = ProviderConfigSchema.field[type];
  if (member.fieldKind !== "message") {
    throw new Error(`${member.name} is not a message`);
  }
  const { storedValues, undeterminedFields, untrimmed } = storageRules[type] ?? {};
  const actual = toFieldValues(config.config.value);
  const expected = toExpectedMessage(member.message, {
    ...pickFields(
      member.message.members.map(({ localName }) => localName),
      request,
    ),
    ...storedValues?.(request),
    ...pickFields(undeterminedFields?.(request) ?? [], actual),
  });
  trimTexts(member.message, expected, untrimmed);
  return equals(member.message, expected, config.config.value);
}

/**
 * Returns true if a legacy IDP has the content that an add with this request creates. The server stores its texts untrimmed.
 */
export function hasLegacyContent(kind: LegacyConfigCase, request: FieldValues, idp: IDP): boolean {
  const { name, stylingType, autoRegister } = toExpectedMessage(IDPSchema, request);
  const { config } = idp;
  const sameConfig =
    config.case === "oidcConfig"
      ? equals(OIDCConfigSchema, toExpectedMessage(OIDCConfigSchema, request), config.value)
      : config.case === "jwtConfig" &&
        equals(JWTConfigSchema, toExpectedMessage(JWTConfigSchema, request), config.value);
  return (
    config.case === kind &&
    sameConfig &&
    name === idp.name &&
    stylingType === idp.stylingType &&
    autoRegister === idp.autoRegister
  );
}

/**
 * Returns true if a login policy has the content that an add with this request creates. A stored policy has all lifetimes: ZITADEL sets
 * those that the request leaves out to zero, and limits long ones.
 */
export function hasPolicyContent(
  { idps = [], ...settings }: FieldValues,
  policy: LoginPolicy,
): boolean {
  const { details, idps: links } = policy;
  const expected = toExpectedMessage(LoginPolicySchema, {
    ...dropUndefinedFields(settings),
    ...toStoredLifetimes(settings),
  });
  const ids = new Set((idps as { idpId?: string }[]).map(({ idpId }) => idpId ?? ""));
  return (
    equals(LoginPolicySchema, Object.assign(expected, { details, idps: links }), policy) &&
    ids.size === links.length &&
    links.every(({ idpId }) => ids.has(idpId))
  );
}

function toStoredLifetimes(settings: FieldValues): FieldValues {
  const lifetimes = LoginPolicySchema.fields.filter(
    ({ message }) => message?.typeName === DurationSchema.typeName,
  );
  return Object.fromEntries(
    lifetimes.map(({ localName }) => {
      const { seconds = 0n, nanos = 0 } = (settings[localName] ?? {}) as Partial<Duration>;
      return [localName, create(DurationSchema, limitDuration({ seconds, nanos }))];
    }),
  );
}

function pickFields(names: readonly string[], from: FieldValues): FieldValues {
  return Object.fromEntries(names.map((name) => [name, from[name]]));
}

function dropUndefinedFields(fields: FieldValues): FieldValues {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
