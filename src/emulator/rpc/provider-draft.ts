import { clone, create } from "@bufbuild/protobuf";
import { isReflectMessage, reflect, type ReflectMessage } from "@bufbuild/protobuf/reflect";
import { Code } from "@connectrpc/connect";
import {
  AutoLinkingOption,
  AutoLinkingOptionSchema,
  type Options,
  OptionsSchema,
  type ProviderConfig,
  ProviderConfigSchema,
} from "../../../gen/zitadel/idp_pb.js";
import { trim } from "../../utils/trim.js";
import { pickErrorId } from "../errors/error-ids.js";
import { createServerError } from "../errors/server-error.js";
import { andThen, type MaybePromise } from "../maybe-promise.js";
import type { StoredOwner } from "../store/stored-owner.js";
import type { ProviderTypeDefinition, RequiredField } from "./provider-type-definition.js";
import { findRequestField, readStringField } from "./request-fields.js";
import type { RpcContext } from "./rpc-handler.js";

/** The parts of a provider that a request sets. */
export interface ProviderDraft {
  name: string;
  readonly config: ProviderConfig;
}

/**
 * Reads and checks the parts of a provider that a request sets, by the rules of the command: blank strings first, then the rules
 * of the type.
 */
export function readProviderDraft(
  definition: ProviderTypeDefinition,
  requiredFields: readonly RequiredField[],
  request: ReflectMessage,
  context: RpcContext,
): MaybePromise<ProviderDraft> {
  checkRequiredFields(request, requiredFields, context.owner);
  const config = readProviderConfig(definition, request);
  definition.rules?.normalize?.(config, request);
  const checked = definition.rules?.check?.(config, request, context);
  return andThen(checked, () => ({ name: readStringField(request, "name"), config }));
}

/** Copies a draft, so that later updates do not change the copy. */
export function cloneProviderDraft({ name, config }: ProviderDraft): ProviderDraft {
  return { name, config: clone(ProviderConfigSchema, config) };
}

/**
 * Throws the error for the first blank field. Also trims the fields in the request itself, because the server stores them
 * trimmed.
 */
function checkRequiredFields(
  request: ReflectMessage,
  fields: readonly RequiredField[],
  owner: StoredOwner,
): void {
  for (const [name, id, key = "Errors.Invalid.Argument"] of fields) {
    const value = trim(readStringField(request, name));
    if (value === "") {
      throw createServerError(Code.InvalidArgument, pickErrorId(owner, id), key);
    }
    request.set(findRequestField(request, name), value);
  }
}

/** Copies the fields that the config message of a type and the request have in common. */
function readProviderConfig(
  definition: ProviderTypeDefinition,
  request: ReflectMessage,
): ProviderConfig {
  const config = reflect(ProviderConfigSchema);
  const member = ProviderConfigSchema.field[definition.config];
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
  message.options = readProviderOptions(request);
  return message;
}

function readProviderOptions(request: ReflectMessage): Options {
  const value: unknown = request.get(findRequestField(request, "provider_options"));
  const options = isReflectMessage(value)
    ? clone(OptionsSchema, value.message as Options)
    : create(OptionsSchema);
  if (AutoLinkingOptionSchema.value[options.autoLinking] === undefined) {
    options.autoLinking = AutoLinkingOption.UNSPECIFIED;
  }
  return options;
}
