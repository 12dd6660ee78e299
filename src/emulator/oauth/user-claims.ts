import type { EmulatorState } from "../store/emulator-state.js";
import { derivePrimaryDomain } from "../store/derive-primary-domain.js";
import type { ServiceUser } from "../store/service-user.js";

/** The claims on a user, by name. */
export type UserClaims = Readonly<Record<string, unknown>>;

const resourceOwner = "urn:zitadel:iam:user:resourceowner";
const organizationId = "urn:zitadel:iam:org:id";
const organizationDomain = "urn:zitadel:iam:org:domain:primary";

/** Creates the claims that scopes ask for, beside those of the profile. */
export function createUserClaims(
  { organizations, domain }: EmulatorState,
  user: ServiceUser,
  scopes: readonly string[],
): UserClaims {
  const claims: Record<string, unknown> = {};
  const addResourceOwner = (): void => {
    const organization = organizations.get(user.organization);
    if (organization !== undefined) {
      claims[`${resourceOwner}:id`] = organization.id;
      claims[`${resourceOwner}:name`] = organization.name;
      claims[`${resourceOwner}:primary_domain`] = derivePrimaryDomain(organization.name, domain);
    }
  };
  for (const scope of scopes) {
    if (scope === resourceOwner) {
      addResourceOwner();
    } else if (scope.startsWith(`${organizationDomain}:`)) {
      claims[organizationDomain] = scope.slice(organizationDomain.length + 1);
    } else if (scope.startsWith(`${organizationId}:`)) {
      claims[organizationId] = scope.slice(organizationId.length + 1);
      addResourceOwner();
    }
  }
  return claims;
}
