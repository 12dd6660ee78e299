import type { ProviderSettings } from "../providers/model/provider.js";
import type { ProviderProblem } from "../providers/provider-error.js";
import { type ValidateOptions, validateProvider } from "./validate-provider.js";

/** A validator by the Standard Schema specification, version 1 (standardschema.dev), which many libraries take as it is. */
export interface ProviderSchema {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: "zitadel-idp";
    readonly validate: (value: unknown) => ProviderSchemaResult;
    /** The types of the input and the output, for type inference. Never set. */
    readonly types?:
      { readonly input: ProviderSettings; readonly output: ProviderSettings } | undefined;
  };
}

/** The result of a validation: the value, or the issues. */
export type ProviderSchemaResult =
  | { readonly value: ProviderSettings; readonly issues?: undefined }
  | { readonly issues: readonly ProviderProblem[] };

/**
 * Creates a validator of settings that Hono, tRPC, react-hook-form and other libraries take as it is. It has the rules of
 * `validateProvider`.
 *
 * @example
 * const form = useForm({ resolver: standardSchemaResolver(providerSchema()) });
 */
export function providerSchema(options: ValidateOptions = {}): ProviderSchema {
  return {
    "~standard": {
      version: 1,
      vendor: "zitadel-idp",
      validate: (value) => {
        const issues = validateProvider(value, options);
        return issues.length > 0 ? { issues } : { value: value as ProviderSettings };
      },
    },
  };
}
