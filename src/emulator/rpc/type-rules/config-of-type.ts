import { create } from "@bufbuild/protobuf";
import { type ProviderConfig, ProviderConfigSchema } from "../../../../gen/zitadel/idp_pb.js";

type Configs = Exclude<ProviderConfig["config"], { case: undefined }>;
type ConfigOf<Case extends Configs["case"]> = Extract<Configs, { case: Case }>["value"];

/** Returns the config as the config of one type. Throws if the provider has another type. */
export function configOfType<Case extends Configs["case"]>(
  { config }: ProviderConfig,
  type: Case,
): ConfigOf<Case> {
  if (config.case !== type) {
    throw new Error(`a config of ${type}, not of ${config.case}`);
  }
  return config.value as ConfigOf<Case>;
}

/** Returns the config of a stored provider. */
export function currentConfig(view: { config?: ProviderConfig | undefined }): ProviderConfig {
  return view.config ?? create(ProviderConfigSchema);
}
