import { type DescMessage, type JsonObject, type MessageShape, toJson } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import { OptionsSchema, ZitadelConfigSchema } from "../../../../gen/zitadel/idp_pb.js";
import { trim } from "../../../utils/trim.js";
import { errorIds, pickErrorId } from "../../errors/error-ids.js";
import { serverError } from "../../errors/server-error.js";
import type { ProviderTypeRules } from "../provider-type-definition.js";
import { configOfType, currentConfig } from "./config-of-type.js";

/** The rules of ZITADEL providers: the role mappings, and updates that the server compares with the add. */
export const zitadelRules: ProviderTypeRules = {
  returnsAddEventIfUnchanged: true,
  check(config, _request, { owner }) {
    for (const { organizationId, organizationDomain } of configOfType(config, "zitadel")
      .instanceRolesInfo) {
      const blank =
        trim(organizationId) === ""
          ? errorIds("9uEJaM", "M0QmjB")
          : trim(organizationDomain) === ""
            ? errorIds("y4Ib4D", "HAELEz")
            : undefined;
      if (blank !== undefined) {
        throw serverError(
          Code.InvalidArgument,
          pickErrorId(owner, blank),
          "Errors.Invalid.Argument",
        );
      }
    }
  },
  /** A field with its value of the add keeps its current value. Any other field is a change, even if it has its current value. */
  keepStoredValues({ next, stored }) {
    const { added, view } = stored;
    const sameName = next.name === added.name;
    next.name = sameName ? view.name : next.name;
    const configs = [next.config, added.config, currentConfig(view)] as const;
    const [updated, atAdd, now] = configs.map((config) => configOfType(config, "zitadel"));
    const configChanged = keepFieldsOfAdd(ZitadelConfigSchema, updated, atAdd, now);
    const options = configs.map((config) => config.options);
    const optionsChanged = keepFieldsOfAdd(OptionsSchema, options[0], options[1], options[2]);
    return !sameName || configChanged || optionsChanged;
  },
};

/** Copies `now` into each field of `updated` that equals the field of `added`. Returns true if any field differs. */
function keepFieldsOfAdd<Desc extends DescMessage>(
  schema: Desc,
  updated: MessageShape<Desc> | undefined,
  added: MessageShape<Desc> | undefined,
  now: MessageShape<Desc> | undefined,
): boolean {
  if (updated === undefined || added === undefined || now === undefined) {
    throw new Error(`a stored provider has a ${schema.typeName}`);
  }
  const [updatedJson, addedJson] = [updated, added].map((each) =>
    toJson(schema, each, { alwaysEmitImplicit: true }),
  ) as [JsonObject, JsonObject];
  let changed = false;
  for (const { jsonName, localName } of schema.fields) {
    if (JSON.stringify(updatedJson[jsonName]) === JSON.stringify(addedJson[jsonName])) {
      Object.assign(updated, {
        [localName]: Object.entries(now).find(([name]) => name === localName)?.[1],
      });
    } else {
      changed = true;
    }
  }
  return changed;
}
