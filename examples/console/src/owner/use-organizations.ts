import { Code, type Transport } from "@connectrpc/connect";
import { useQuery } from "@connectrpc/connect-query";
import { isZitadelError } from "zitadel-idp";
import { AdminService } from "../../gen/admin_organizations_pb.js";
import { ManagementService } from "../../gen/management_organization_pb.js";

/** An organization that the user may see. */
export interface Organization {
  readonly id: string;
  readonly name: string;
}

/** The organizations that the user may see. */
export interface Organizations {
  /** The organization of the user. Undefined while it loads. */
  readonly own: Organization | undefined;
  /** All organizations, by name. Undefined while they load, and for a user without a role on the instance. */
  readonly all: readonly Organization[] | undefined;
  readonly error: Error | null;
}

/** Reads the organization of the user and, if the user has a role on the instance, all organizations. */
export function useOrganizations(transport: Transport): Organizations {
  const own = useQuery(ManagementService.method.getMyOrg, {}, { transport });
  const all = useQuery(AdminService.method.listOrgs, {}, { transport });
  const isDenied = isZitadelError(all.error, Code.PermissionDenied);
  return {
    own: own.data?.org,
    all: all.data?.result.toSorted((a, b) => a.name.localeCompare(b.name)),
    error: own.error ?? (isDenied ? null : all.error),
  };
}
