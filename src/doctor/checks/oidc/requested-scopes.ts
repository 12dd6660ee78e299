import type { CheckedProvider } from "../../checked-provider.js";

/** The scopes of a provider. */
interface RequestedScopes {
  /** The scopes in the field `scopes`. Empty if ZITADEL requests its defaults. */
  readonly configured: readonly string[];
  /** The scopes that ZITADEL requests at sign-in. */
  readonly requested: readonly string[];
}

const defaultScopes = ["openid", "profile", "email", "phone"];

/** The default scopes of ZITADEL for types that differ from `defaultScopes`. */
const defaultsOfTypes: Partial<Readonly<Record<CheckedProvider["type"], readonly string[]>>> = {
  gitlab: ["openid", "profile", "email"],
  gitlabSelfHosted: ["openid", "profile", "email"],
};

/** Returns the scopes that ZITADEL requests for a provider: the configured ones and `openid`, or the defaults of its type. */
export function findRequestedScopes({ type, fields }: CheckedProvider): RequestedScopes {
  const { scopes } = fields;
  const configured = (Array.isArray(scopes) ? scopes : []).flatMap((each) =>
    String(each).split(" ").filter(Boolean),
  );
  if (configured.length === 0) {
    return { configured, requested: defaultsOfTypes[type] ?? defaultScopes };
  }
  return {
    configured,
    requested: configured.includes("openid") ? configured : [...configured, "openid"],
  };
}
