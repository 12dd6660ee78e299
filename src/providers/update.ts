import type { Provider } from "../idp.js";
import { afterWrite } from "./after-write.js";
import { fieldProblems, isPlain } from "./model/check.js";
import { allToWire, fieldsOf, type Plain } from "./model/fields.js";
import { isNeverCleared } from "./model/kept.js";
import { isSame, normalFields } from "./model/normal.js";
import type { IdentityProvider, ProviderPatch, ProviderType } from "./model/provider.js";
import { begin, type OperationOptions } from "./operation.js";
import type { OwnerApi } from "./owner.js";
import type { ProviderProblem } from "./provider-error.js";
import { readOwn } from "./read.js";
import { readForWrite, refuse } from "./writable.js";

/** What `update` takes beside the change. */
export interface UpdateOptions extends OperationOptions {
  /**
   * The sequence of the read on which the change is built. If the provider has another one by now, nothing is sent, and the call
   * fails with reason `changed`.
   */
  readonly ifSequence?: string | undefined;
}

/** What became of an update. */
export interface UpdateResult {
  /** As it is now. */
  readonly provider: IdentityProvider;
  /** The fields that were changed, as paths such as `options.isAutoUpdate`, secrets among them. None: nothing was sent. */
  readonly changed: readonly string[];
  /**
   * Whether somebody else changed the same provider meanwhile, as far as the numbers of events tell, which all that an owner owns
   * shares: ZITADEL has no conditional writes. `none`: nobody, because the write is the very next event. `certain`: it was changed
   * once more after the write. `unknown`: there were other events since the provider's last change, long ago or just now, of
   * anything that the owner owns; if one of them was a change of this provider between the read and the write, it is overwritten.
   */
  readonly concurrent: "none" | "unknown" | "certain";
}

/**
 * Changes some fields of a provider. ZITADEL's updates replace all of it: so it is read, the change put in, and all of it sent
 * back, and then read once more to see that it is as it should be.
 */
export async function updateProvider(
  api: OwnerApi,
  id: string,
  patch: ProviderPatch,
  options: UpdateOptions = {},
): Promise<UpdateResult> {
  const operation = begin(options);
  const about = `update of provider ${id}`;
  const { read, model } = await readForWrite(api, id, about, operation);
  const { type } = model;
  const before = model as unknown as Plain;
  const wanted = patchOf(type, patch, before, about);
  const { ifSequence = model.sequence } = options;
  if (ifSequence !== model.sequence) {
    const message = `it was at sequence ${ifSequence} when the change was made up, and is at ${model.sequence}: read it again`;
    refuse("changed", about, [{ path: [], message }]);
  }
  const changed = changedPaths(before, wanted);
  if (changed.length === 0) {
    return { provider: model, changed, concurrent: "none" };
  }
  const request = { id, ...current(type, read.provider), ...sent(type, wanted) };
  const details = await api.update(type, request, operation.call());
  const after = await afterWrite(
    { about, id, done: "the update was sent and accepted", next: "Read the provider to see it" },
    async () => (await readOwn(api, id, operation)).model,
  );
  const written = details?.sequence ?? 0n;
  if (BigInt(after.sequence) > written && written > BigInt(model.sequence)) {
    return { provider: after, changed, concurrent: "certain" };
  }
  const kept = changedPaths(after as unknown as Plain, readable(type, wanted));
  refuse(
    "not_applied",
    about,
    kept.map((path) => ({
      path: [path],
      message:
        "the server said yes, and kept another value: it compares this field with what the provider was added with, and takes that value for no change",
    })),
  );
  return {
    provider: after,
    changed,
    concurrent: written - BigInt(model.sequence) > 1n ? "unknown" : "none",
  };
}

/** The whole new value of each field that is given, after all checks. */
function patchOf(type: ProviderType, patch: ProviderPatch, before: Plain, about: string): Plain {
  const given = Object.fromEntries(
    Object.entries(patch as Plain).filter(([, value]) => value !== undefined),
  );
  refuse("not_expressible", about, inexpressible(type, given, before));
  refuse("invalid", about, fieldProblems(type, given, "patch", before));
  const merged = Object.entries(given).map(([name, value]) => [
    name,
    fieldsOf(type)[name]?.kind === "object"
      ? { ...(before[name] as Plain), ...(value as Plain) }
      : value,
  ]);
  return normalFields(type, Object.fromEntries(merged) as Plain);
}

/** What the server has no way to do, though the value itself is allowed. */
export function inexpressible(type: ProviderType, given: Plain, before: Plain): ProviderProblem[] {
  return Object.entries(given).flatMap(([name, value]) => {
    const isEmpty = value === "" || (Array.isArray(value) && value.length === 0);
    if (!isEmpty) {
      return [];
    }
    if (fieldsOf(type)[name]?.secret) {
      const message =
        "cannot be cleared: ZITADEL takes an empty secret for the one that it has. Leave it out to keep that";
      return [{ path: [name], message }];
    }
    const isStored = before[name] !== undefined && !isSame(before[name], value);
    return isNeverCleared(type, name) && isStored
      ? [
          {
            path: [name],
            message:
              "cannot be cleared: ZITADEL keeps what it has. Give other ones, or add the provider anew",
          },
        ]
      : [];
  });
}

/** The paths at which `wanted` is not what there is. What no read shows is always another. */
function changedPaths(there: Plain, wanted: Plain, path = ""): string[] {
  return Object.entries(wanted).flatMap(([name, value]) =>
    isPlain(value) && isPlain(there[name])
      ? changedPaths(there[name], value, `${path}${name}.`)
      : isSame(value, there[name])
        ? []
        : [`${path}${name}`],
  );
}

/** The fields that reads show as they were sent. */
function readable(type: ProviderType, wanted: Plain): Plain {
  return Object.fromEntries(
    Object.entries(wanted).filter(
      ([name]) => !fieldsOf(type)[name]?.secret && name !== "metadataUrl",
    ),
  );
}

/** The fields of a provider under the names that its update has, untouched: nothing that was read goes through another form. */
export function current(type: ProviderType, { name, config }: Provider): Plain {
  const value = config?.config.value as unknown as Plain;
  const fields = Object.keys(fieldsOf(type)).flatMap((each) =>
    value[each] === undefined ? [] : [[each, value[each]]],
  );
  return wireNames({ ...Object.fromEntries(fields), name, options: config?.options });
}

/** Fields in plain TypeScript as a request has them. */
export function sent(type: ProviderType, plain: Plain): Plain {
  return wireNames(allToWire(fieldsOf(type), plain));
}

/** The names in requests, where they are others. */
function wireNames({ options, metadataXml, metadataUrl, ...fields }: Plain): Plain {
  return {
    ...fields,
    ...(options !== undefined && { providerOptions: options }),
    ...(metadataXml !== undefined && { metadata: { case: "metadataXml", value: metadataXml } }),
    ...(metadataUrl !== undefined && { metadata: { case: "metadataUrl", value: metadataUrl } }),
  };
}
