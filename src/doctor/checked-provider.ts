import type { FieldValues } from "../providers/model/field-specs.js";
import type { ProviderType, SecretField } from "../providers/model/provider.js";
import type { LegacyType } from "../providers/model/legacy-types.js";
import type { Owner } from "../providers/plan/owner.js";

/** A provider to check: from the server, or as a desired state would make it. */
export interface CheckedProvider {
  readonly owner: Owner;
  readonly type: ProviderType | LegacyType | "unknown";
  readonly name: string;
  /** The id. Undefined for a provider of a desired state that does not exist yet. */
  readonly id: string | undefined;
  /** All fields that reads return, with defaults. */
  readonly fields: FieldValues;
  /** The values of the desired state that no read returns. */
  readonly secrets: Readonly<Partial<Record<SecretField | "metadataUrl", string>>>;
  /** True if the login page offers the provider. Undefined if unknown. */
  readonly isOffered: boolean | undefined;
  /** True if the provider was changed after its creation, or a desired state would change it. */
  readonly isUpdated: boolean;
}
