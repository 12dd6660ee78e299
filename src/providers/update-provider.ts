import { isDeepEqual } from "../utils/is-deep-equal.js";
import { isPlainObject } from "../utils/is-plain-object.js";
import { withoutUndefined } from "../utils/without-undefined.js";
import { createLosslessUpdateRequest } from "./lossless-update-request.js";
import { findInexpressibleChanges } from "./model/checks/inexpressible-changes.js";
import { findFieldProblems, findUndefinedSecrets } from "./model/checks/settings-problems.js";
import {
  getTypeFields,
  type FieldValues,
  isWriteOnly,
  toFieldValues,
} from "./model/field-specs.js";
import { normalizeFields } from "./model/normalize-fields.js";
import type { IdentityProvider, ProviderPatch, ProviderType } from "./model/provider.js";
import { type OperationOptions, startOperation } from "./operation.js";
import type { OwnerApi } from "./owner-api.js";
import { ProviderError, type ProviderProblem, throwIfAny } from "./provider-error.js";
import { readForWrite, type WritableProvider } from "./read-for-write.js";
import { readOwnProvider } from "./read-provider.js";
import { runAfterWrite } from "./run-after-write.js";

/** The options of `update`. */
export interface UpdateOptions extends OperationOptions {
  /**
   * The sequence of the provider on which the change is based. If the provider has another sequence by now, nothing is written, and the
   * call fails with the reason `changed`.
   */
  readonly ifSequence?: string | undefined;
}

/** The result of `update`. */
export interface UpdateResult {
  /** The provider after the update. */
  readonly provider: IdentityProvider;
  /** The changed fields, including secrets, as paths such as `options.isAutoUpdate`. If empty, nothing was written. */
  readonly changed: readonly string[];
  /**
   * The presence of another writer of the same provider at the same time. ZITADEL has no conditional writes, so this is derived from
   * the sequence numbers of events, which all objects of an owner share.
   *
   * - `none`: there was no other writer, because the write is the next event after the provider's last change.
   * - `certain`: another writer changed the provider after this write.
   * - `unknown`: the owner had other events between the provider's last change and this write, on any object. If one of them changed
   *   this provider after it was read, this write has overwritten that change.
   */
  readonly concurrent: "none" | "unknown" | "certain";
}

/**
 * Changes some fields of a provider. ZITADEL's updates replace the whole provider, so this function reads the provider, merges the
 * change, sends all fields, and reads the provider again to verify the result.
 */
export async function updateProvider(
  api: OwnerApi,
  id: string,
  patch: ProviderPatch,
  options: UpdateOptions = {},
): Promise<UpdateResult> {
  const operation = startOperation(options);
  const about = `update of provider ${id}`;

  const { raw, model: before } = await readForWrite(api, id, about, operation);
  const desired = mergePatch(before, patch, about);
  checkSequence(before, options.ifSequence, about);
  const changed = findChangedPaths(toFieldValues(before), desired);
  if (changed.length === 0) {
    return { provider: before, changed, concurrent: "none" };
  }

  const request = createLosslessUpdateRequest(before.type, raw.provider, desired);
  const details = await api.update(before.type, request, operation.callOptions());

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
  if (BigInt(after.sequence) > written && written > BigInt(before.sequence)) {
    return { provider: after, changed, concurrent: "certain" };
  }
  checkApplied(before.type, desired, after, about);
  return {
    provider: after,
    changed,
    concurrent: written - BigInt(before.sequence) > 1n ? "unknown" : "none",
  };
}

/** Returns the complete new value of each given field, after all checks. */
function mergePatch(provider: WritableProvider, patch: ProviderPatch, about: string): FieldValues {
  const { type } = provider;
  const before = toFieldValues(provider);
  const { type: givenType = type, ...fields } = toFieldValues(patch);
  throwIfAny("invalid", about, findTypeProblem(givenType, type));
  throwIfAny("invalid", about, findUndefinedSecrets(type, fields));
  const given = withoutUndefined(fields);
  throwIfAny("not_expressible", about, findInexpressibleChanges(type, given, before));
  throwIfAny("invalid", about, findFieldProblems(type, given, "patch", before));
  const merged = Object.entries(given).map(([name, value]) => [
    name,
    getTypeFields(type)[name]?.kind === "object"
      ? { ...(before[name] as FieldValues), ...withoutUndefined(value as FieldValues) }
      : value,
  ]);
  return normalizeFields(type, Object.fromEntries(merged) as FieldValues);
}

/** Returns the problem of a type other than the provider's. The same type is valid, because settings from a read contain it. */
function findTypeProblem(given: unknown, type: ProviderType): ProviderProblem[] {
  const message = `must be that of the provider, ${type}: ZITADEL cannot change the type, except from oidc to azureAd or google (migrate)`;
  return given === type ? [] : [{ path: ["type"], message }];
}

/** Throws a `ProviderError` if the provider has changed since the read on which the change is based. */
function checkSequence(
  { sequence }: WritableProvider,
  ifSequence: string | undefined,
  about: string,
): void {
  if (ifSequence !== undefined && ifSequence !== sequence) {
    const message = `the change is based on sequence ${ifSequence}, but the provider is at ${sequence}: read it again`;
    throw new ProviderError({ reason: "changed", about, problems: [{ path: [], message }] });
  }
}

/** Throws a `ProviderError` if the provider does not have the values that were sent. Fields that no read returns are not checked. */
function checkApplied(
  type: ProviderType,
  desired: FieldValues,
  after: IdentityProvider,
  about: string,
): void {
  const readable = Object.entries(desired).filter(([name]) => {
    const spec = getTypeFields(type)[name];
    return spec !== undefined && !isWriteOnly(name, spec);
  });
  const kept = findChangedPaths(toFieldValues(after), Object.fromEntries(readable));
  throwIfAny(
    "not_applied",
    about,
    kept.map((path) => ({
      path: [path],
      message:
        "the server accepted the update but kept another value: it compares this field with the value from the add, and treats a change back to that value as no change",
    })),
  );
}

/** Returns the paths at which `desired` differs from the current values. Fields that no read returns always differ. */
function findChangedPaths(current: FieldValues, desired: FieldValues, path = ""): string[] {
  return Object.entries(desired).flatMap(([name, value]) =>
    isPlainObject(value) && isPlainObject(current[name])
      ? findChangedPaths(current[name], value, `${path}${name}.`)
      : isDeepEqual(value, current[name])
        ? []
        : [`${path}${name}`],
  );
}
