import type { ProviderSettings } from "../providers/model/provider.js";
import type { ProviderProblem } from "../providers/provider-error.js";
import { type ValidateOptions, validateProvider } from "./validate-provider.js";

/** A validator by the Standard Schema specification, version 1 (standardschema.dev), which many libraries accept. */
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
 * Creates a validator of settings with the rules of `validateProvider`. Hono, tRPC, react-hook-form and other libraries accept it as it
 * is.
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
