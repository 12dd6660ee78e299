import { clone } from "@bufbuild/protobuf";
import { IDPSchema, ProviderSchema } from "../../../gen/zitadel/idp_pb.js";
import type { StoredOwner } from "./stored-owner.js";

/** A function that applies one change to a lagging copy. */
export type Change = () => void;

/** A copy of a part of the state. The copy shows a change of the original only after the change is applied to it. */
export interface LaggingCopy<T> {
  readonly copy: T;
  /** Returns the changes of the original since the last call. */
  collectChanges(): Change[];
}

/** Creates a lagging copy of an owner. Its login policy is not copied: the copy always shows the current one. */
export function createLaggingOwner(owner: StoredOwner): LaggingCopy<StoredOwner> {
  const providers = createLaggingRecords(
    () => owner.providers,
    ({ view }) => view.details?.sequence,
    (stored) => ({ ...stored, view: clone(ProviderSchema, stored.view) }),
  );
  const legacy = createLaggingRecords(
    () => owner.legacy,
    ({ view }) => view.details?.sequence,
    (stored) => ({ ...stored, view: clone(IDPSchema, stored.view) }),
  );
  let sequence: bigint | undefined;
  return {
    copy: {
      ...owner,
      providers: providers.copy,
      legacy: legacy.copy,
      get loginPolicy() {
        return owner.loginPolicy;
      },
    },
    collectChanges() {
      if (owner.sequence === sequence) {
        return [];
      }
      sequence = owner.sequence;
      return [...providers.collectChanges(), ...legacy.collectChanges()];
    },
  };
}

/**
 * Creates a lagging copy of records by id. A record has changed if `readVersion` returns another value for it; each write changes
 * this value.
 */
export function createLaggingRecords<T>(
  getRecords: () => ReadonlyMap<string, T>,
  readVersion: (record: T) => unknown,
  cloneRecord: (record: T) => T,
): LaggingCopy<Map<string, T>> {
  const copy = new Map<string, T>();
  const versions = new Map<string, unknown>();
  return {
    copy,
    collectChanges() {
      const changes: Change[] = [];
      const records = getRecords();
      for (const [id, record] of records) {
        const version = readVersion(record);
        if (!versions.has(id) || versions.get(id) !== version) {
          versions.set(id, version);
          const cloned = cloneRecord(record);
          changes.push(() => void copy.set(id, cloned));
        }
      }
      for (const id of versions.keys()) {
        if (!records.has(id)) {
          versions.delete(id);
          changes.push(() => void copy.delete(id));
        }
      }
      return changes;
    },
  };
}
