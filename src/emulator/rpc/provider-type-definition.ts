import type { ReflectMessage } from "@bufbuild/protobuf/reflect";
import type { ProviderConfig, ProviderType } from "../../../gen/zitadel/idp_pb.js";
import type { ErrorIds } from "../errors/error-ids.js";
import type { MaybePromise } from "../maybe-promise.js";
import type { UnknownChanges } from "../store/provider-write-model.js";
import type { StoredProvider } from "../store/stored-provider.js";
import type { RpcContext } from "./rpc-handler.js";

/**
 * A string field that must not be blank, the ids of the error for a blank value, and the key of its text if it is not the usual one.
 */
export type RequiredField = readonly [field: string, ids: ErrorIds, key?: string];

/** An update before the comparison with the stored provider. */
interface ProviderUpdate {
  readonly request: ReflectMessage;
  /** The values that the request sets. */
  readonly next: { name: string; readonly config: ProviderConfig };
  readonly stored: StoredProvider;
}

/** The rules of one provider type beyond those of all types. */
export interface ProviderTypeRules {
  /** Changes the config of a request into the form that the server stores. */
  normalize?(config: ProviderConfig, request: ReflectMessage): void;
  /** Checks more than blank strings, before the command looks for the provider. Throws the server's error. */
  check?(config: ProviderConfig, request: ReflectMessage, context: RpcContext): MaybePromise<void>;
  /** Adds the data that only the write side keeps to a provider that was added. */
  afterAdd?(stored: StoredProvider, request: ReflectMessage): void;
  /**
   * Restores the parts of `next` that an update cannot change. Returns true if the server counts the update as a change anyway.
   */
  keepStoredValues?(update: ProviderUpdate): boolean;
  /** The changes by updates that the write model does not know. Later updates are compared with the values of the add. */
  readonly unknownChanges?: UnknownChanges;
  /** True if updates can empty lists. */
  readonly canEmptyLists?: boolean;
}

/** The properties of one provider type. Its RPCs are `Add<rpcInfix>Provider` and `Update<rpcInfix>Provider`. */
export interface ProviderTypeDefinition {
  readonly rpcInfix: string;
  readonly type: ProviderType;
  /** The field of `ProviderConfig` that holds the config of this type. */
  readonly config: NonNullable<ProviderConfig["config"]["case"]>;
  /** The request field that contains the secret, which is never stored. */
  readonly secretField?: string;
  /** The fields that must not be blank, in the order of the server's checks. */
  readonly requiredOnAdd: readonly RequiredField[];
  readonly requiredOnUpdate: readonly RequiredField[];
  /** The id of the error for an update that finds no provider of this type. */
  readonly notFoundIds: ErrorIds;
  /** The translation key of that error on organizations, if the server translates it there too. */
  readonly notFoundKey?: string;
  readonly rules?: ProviderTypeRules;
}
