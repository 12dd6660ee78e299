import { create } from "@bufbuild/protobuf";
import {
  OptionsSchema,
  type ProviderConfig,
  ProviderConfigSchema,
} from "../../../gen/zitadel/idp_pb.js";
import type { ProviderChange } from "../store/provider-change.js";
import { type ChangedFields, findChangedFields } from "./find-changed-fields.js";
import type { ProviderDraft } from "./provider-draft.js";

/** Returns the fields in which the draft of an update differs from its write model, or `undefined` if none does. */
export function findProviderChange(
  before: ProviderDraft,
  after: ProviderDraft,
): ProviderChange | undefined {
  const options = findChangedFields(
    OptionsSchema,
    before.config.options ?? create(OptionsSchema),
    after.config.options ?? create(OptionsSchema),
  );
  const fields = findChangedConfig(before.config.config, after.config.config);
  if (before.name === after.name && options === undefined && fields === undefined) {
    return undefined;
  }
  return {
    ...(after.name !== before.name && { name: after.name }),
    ...(options && { options }),
    ...(fields && { config: { case: after.config.config.case, fields } }),
  };
}

function findChangedConfig(
  before: ProviderConfig["config"],
  after: ProviderConfig["config"],
): ChangedFields | undefined {
  if (before.case === undefined || after.case !== before.case) {
    throw new Error(`a config of ${before.case}, not of ${after.case}`);
  }
  const member = ProviderConfigSchema.field[before.case];
  if (member.fieldKind !== "message") {
    throw new Error(`${member.name} is not a message`);
  }
  return findChangedFields(member.message, before.value, after.value);
}
