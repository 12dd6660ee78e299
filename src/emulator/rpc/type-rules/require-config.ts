import type { ProviderConfig } from "../../../../gen/zitadel/idp_pb.js";

type Configs = Exclude<ProviderConfig["config"], { case: undefined }>;
type ConfigOf<Case extends Configs["case"]> = Extract<Configs, { case: Case }>["value"];

/** Returns the config of a provider of the given type. Throws if the provider has another type. */
export function requireConfig<Case extends Configs["case"]>(
  { config }: ProviderConfig,
  type: Case,
): ConfigOf<Case> {
  if (config.case !== type) {
    throw new Error(`a config of ${type}, not of ${config.case}`);
  }
  return config.value as ConfigOf<Case>;
}
