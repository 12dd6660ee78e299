import type { Provider } from "../idp.js";
import { runAfterWrite } from "./run-after-write.js";
import { findFieldProblems, isPlainObject } from "./model/checks/provider-settings.js";
import { toMessageFields, fieldsOfType, type PlainFields } from "./model/convert-fields.js";
import { isNeverCleared } from "./model/kept-fields.js";
import { isDeepEqual, normalizeFields } from "./model/normalize-fields.js";
import type { IdentityProvider, ProviderPatch, ProviderType } from "./model/provider.js";
import { startOperation, type OperationOptions } from "./operation.js";
import type { OwnerApi } from "./owner-api.js";
import type { ProviderProblem } from "./provider-error.js";
import { readOwnProvider } from "./read-provider.js";
import { readForWrite, throwIfAny } from "./read-for-write.js";

/** The options of `update`. */
export interface UpdateOptions extends OperationOptions {
  /**
   * The sequence of the read on which the change is based. If the provider has another sequence by now, nothing is sent, and
   * the call fails with the reason `changed`.
   */
  readonly ifSequence?: string | undefined;
}

/** The result of `update`. */
export interface UpdateResult {
  /** The provider after the update. */
  readonly provider: IdentityProvider;
  /** The changed fields, secrets included, as paths such as `options.isAutoUpdate`. If the list is empty, nothing was sent. */
  readonly changed: readonly string[];
  /**
   * Shows whether another writer changed the same provider at the same time. ZITADEL has no conditional writes, so this is
   * derived from the numbers of events, which all objects of an owner share.
   *
   * - `none`: no other writer, because the write is the next event after the read.
   * - `certain`: the provider was changed again after the write.
   * - `unknown`: the owner had other events since the provider's last change, at any time and on any object. If one of them was
   *   a change of this provider between the read and the write, the write has overwritten it.
   */
  readonly concurrent: "none" | "unknown" | "certain";
}

/**
 * Changes some fields of a provider. ZITADEL's updates replace the whole provider: so this reads the provider, merges the
 * change, sends everything back, and reads the provider again to verify the result.
 */
export async function updateProvider(
  api: OwnerApi,
  id: string,
  patch: ProviderPatch,
  options: UpdateOptions = {},
): Promise<UpdateResult> {
  const operation = startOperation(options);
  const about = `update of provider ${id}`;
  const { read, model } = await readForWrite(api, id, about, operation);
  const { type } = model;
  const before = model as unknown as PlainFields;
  const wanted = toPatch(type, patch, before, about);
  const { ifSequence = model.sequence } = options;
  if (ifSequence !== model.sequence) {
    const message = `the change is based on sequence ${ifSequence}, but the provider is at ${model.sequence}: read it again`;
    throwIfAny("changed", about, [{ path: [], message }]);
  }
  const changed = changedPaths(before, wanted);
  if (changed.length === 0) {
    return { provider: model, changed, concurrent: "none" };
  }
  const request = { id, ...toCurrentFields(type, read.provider), ...toRequest(type, wanted) };
  const details = await api.update(type, request, operation.call());
  const after = await runAfterWrite(
    {
      about,
      id,
      done: "the update was sent and accepted",
      next: "Read the provider to see the result",
    },
    async () => (await readOwnProvider(api, id, operation)).model,
  );
  const written = details?.sequence ?? 0n;
  if (BigInt(after.sequence) > written && written > BigInt(model.sequence)) {
    return { provider: after, changed, concurrent: "certain" };
  }
  const kept = changedPaths(after as unknown as PlainFields, readableFields(type, wanted));
  throwIfAny(
    "not_applied",
    about,
    kept.map((path) => ({
      path: [path],
      message:
        "the server accepted the update but kept another value: it compares this field with the value from the add, and treats a change back to that value as no change",
    })),
  );
  return {
    provider: after,
    changed,
    concurrent: written - BigInt(model.sequence) > 1n ? "unknown" : "none",
  };
}

/** Returns the complete new value of each given field, after all checks. */
function toPatch(
  type: ProviderType,
  patch: ProviderPatch,
  before: PlainFields,
  about: string,
): PlainFields {
  const given = Object.fromEntries(
    Object.entries(patch as PlainFields).filter(([, value]) => value !== undefined),
  );
  throwIfAny("not_expressible", about, findInexpressibleChanges(type, given, before));
  throwIfAny("invalid", about, findFieldProblems(type, given, "patch", before));
  const merged = Object.entries(given).map(([name, value]) => [
    name,
    fieldsOfType(type)[name]?.kind === "object"
      ? { ...(before[name] as PlainFields), ...(value as PlainFields) }
      : value,
  ]);
  return normalizeFields(type, Object.fromEntries(merged) as PlainFields);
}

/** Returns the problems of changes that the server offers no way to make, although the values themselves are allowed. */
export function findInexpressibleChanges(
  type: ProviderType,
  given: PlainFields,
  before: PlainFields,
): ProviderProblem[] {
  return Object.entries(given).flatMap(([name, value]) => {
    const isEmpty = value === "" || (Array.isArray(value) && value.length === 0);
    if (!isEmpty) {
      return [];
    }
    if (fieldsOfType(type)[name]?.secret) {
      const message =
        "cannot be cleared: ZITADEL treats an empty secret as no change. Leave it out to keep the current secret";
      return [{ path: [name], message }];
    }
    const isStored = before[name] !== undefined && !isDeepEqual(before[name], value);
    return isNeverCleared(type, name) && isStored
      ? [
          {
            path: [name],
            message:
              "cannot be cleared: ZITADEL keeps the current value. Set another value, or add the provider anew",
          },
        ]
      : [];
  });
}

/** Returns the paths at which `wanted` differs from the current values. Fields that no read returns always differ. */
function changedPaths(there: PlainFields, wanted: PlainFields, path = ""): string[] {
  return Object.entries(wanted).flatMap(([name, value]) =>
    isPlainObject(value) && isPlainObject(there[name])
      ? changedPaths(there[name], value, `${path}${name}.`)
      : isDeepEqual(value, there[name])
        ? []
        : [`${path}${name}`],
  );
}

/** Returns the fields that reads return as they were sent. */
function readableFields(type: ProviderType, wanted: PlainFields): PlainFields {
  return Object.fromEntries(
    Object.entries(wanted).filter(
      ([name]) => !fieldsOfType(type)[name]?.secret && name !== "metadataUrl",
    ),
  );
}

/**
 * Returns the fields of a provider under the names of its update request. The values are not converted, so that nothing is
 * lost.
 */
export function toCurrentFields(type: ProviderType, { name, config }: Provider): PlainFields {
  const value = config?.config.value as unknown as PlainFields;
  const fields = Object.keys(fieldsOfType(type)).flatMap((each) =>
    value[each] === undefined ? [] : [[each, value[each]]],
  );
  return toRequestNames({ ...Object.fromEntries(fields), name, options: config?.options });
}

/** Converts fields in plain TypeScript into the fields of a request. */
export function toRequest(type: ProviderType, plain: PlainFields): PlainFields {
  return toRequestNames(toMessageFields(fieldsOfType(type), plain));
}

/** Renames the fields that have other names in requests. */
function toRequestNames({
  options,
  metadataXml,
  metadataUrl,
  ...fields
}: PlainFields): PlainFields {
  return {
    ...fields,
    ...(options !== undefined && { providerOptions: options }),
    ...(metadataXml !== undefined && { metadata: { case: "metadataXml", value: metadataXml } }),
    ...(metadataUrl !== undefined && { metadata: { case: "metadataUrl", value: metadataUrl } }),
  };
}
