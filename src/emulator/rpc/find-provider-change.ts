import { create } from "@bufbuild/protobuf";
import {
  OptionsSchema,
  type ProviderConfig,
  ProviderConfigSchema,
} from "../../../gen/zitadel/idp_pb.js";
import type { ProviderChange } from "../store/set-changed-fields.js";
import type { ProviderWriteModel } from "../store/provider-write-model.js";
import { type ChangedFields, findChangedFields } from "./find-changed-fields.js";
import type { ProviderDraft } from "./provider-draft.js";
import { withoutEmptyLists } from "./without-empty-lists.js";

/**
 * Returns the changes that an update with this draft makes, or `undefined` if the draft does not differ from the write model.
 *
 * Without `canEmptyLists` an empty list counts as a difference but changes nothing.
 */
export function findProviderChange(
  { name, config }: ProviderWriteModel,
  draft: ProviderDraft,
  canEmptyLists: boolean,
): ProviderChange | undefined {
  const options = findChangedFields(
    OptionsSchema,
    config.options ?? create(OptionsSchema),
    draft.config.options ?? create(OptionsSchema),
  );
  const differing = findChangedConfig(config.config, draft.config.config);
  if (name === draft.name && options === undefined && differing === undefined) {
    return undefined;
  }
  const fields = canEmptyLists ? differing : differing && withoutEmptyLists(differing);
  return {
    ...(name !== draft.name && { name: draft.name }),
    ...(options && { options }),
    ...(fields && { config: { case: draft.config.config.case, fields } }),
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
