import type { ProviderConfig } from "../../../gen/zitadel/idp_pb.js";

/** The content of an event that changes a provider: the new values of the fields that change. */
export interface ProviderChange {
  readonly name?: string;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly config?: {
    readonly case: ProviderConfig["config"]["case"];
    readonly fields: Readonly<Record<string, unknown>>;
  };
  /** The new client secret. Only write models keep it. */
  readonly clientSecret?: string | undefined;
}

/**
 * Sets the fields of a view or of a write model that an event changes. A config of another type does not change, because the event has
 * none of its fields.
 */
export function setChangedFields(
  target: { name: string; config?: ProviderConfig | undefined },
  { name = target.name, options, config }: ProviderChange,
): void {
  target.name = name;
  Object.assign(target.config?.options ?? {}, options);
  if (config !== undefined && config.case === target.config?.config.case) {
    Object.assign(target.config?.config.value ?? {}, config.fields);
  }
}
