import type { CheckedProvider } from "../../checked-provider.js";

/** The issuer of a provider. */
export interface ProviderIssuer {
  readonly issuer: string;
  /** The field with the issuer. Undefined for a type with a fixed issuer. */
  readonly field: "issuer" | undefined;
}

/** The issuers that are fixed in ZITADEL, by the type of the provider. */
const fixedIssuers: Partial<Readonly<Record<CheckedProvider["type"], string>>> = {
  apple: "https://appleid.apple.com",
  gitlab: "https://gitlab.com",
  google: "https://accounts.google.com",
};

/** Returns the issuer of an OpenID Connect provider: the fixed one of its type, or its field. */
export function findIssuer({ type, fields }: CheckedProvider): ProviderIssuer {
  const fixed = fixedIssuers[type];
  return fixed === undefined
    ? { issuer: String(fields["issuer"] ?? ""), field: "issuer" }
    : { issuer: fixed, field: undefined };
}
