import { createConnectQueryKey, useMutation, useQuery } from "@connectrpc/connect-query";
import { useQueryClient } from "@tanstack/react-query";
import type { LoginPolicy } from "zitadel-idp/idp";
import { ManagementService } from "zitadel-idp/management";
import { useOwnerCalls } from "../owner/owner-context.js";
import { findPolicyMethods } from "./find-policy-methods.js";
import { copyPolicy, pickPolicySettings } from "./policy-settings.js";
import { refetchUntil } from "./refetch-until.js";

/** The login policy of the owner, and the functions that change it. */
export interface LoginPolicyState {
  readonly policy: LoginPolicy | undefined;
  /** True while a change is pending. */
  readonly isPending: boolean;
  /** The error of the read or of the last change. */
  readonly error: Error | null;
  allowExternalIdp(isAllowed: boolean): void;
  /** Creates a login policy of the organization. */
  addOwn(): void;
  /** Removes the login policy of the organization, which then inherits the policy of the instance. */
  reset(): void;
}

/** Reads and changes the login policy of the owner. */
export function useLoginPolicy(): LoginPolicyState {
  const { owner, transport, queries } = useOwnerCalls();
  const cache = useQueryClient();
  const methods = findPolicyMethods(owner.kind);
  const { data, error } = useQuery(methods.get, {}, { transport });
  const policy = data?.policy;
  const key = createConnectQueryKey({
    schema: methods.get,
    input: {},
    cardinality: "finite",
    transport,
  });
  // Reads lag behind writes.
  const waitUntil = async (isExpected: (policy: LoginPolicy) => boolean): Promise<void> => {
    await refetchUntil(cache, key, (result) => {
      const found = (result as typeof data)?.policy;
      return found !== undefined && isExpected(found);
    });
    await cache.invalidateQueries({ queryKey: queries.keys.active });
  };
  const update = useMutation(methods.update, {
    transport,
    onSuccess: async (_result, { allowExternalIdp }) =>
      await waitUntil((found) => found.allowExternalIdp === allowExternalIdp),
  });
  const add = useMutation(ManagementService.method.addCustomLoginPolicy, {
    transport,
    onSuccess: async () => await waitUntil(({ isDefault }) => !isDefault),
  });
  const reset = useMutation(ManagementService.method.resetLoginPolicyToDefault, {
    transport,
    onSuccess: async () => await waitUntil(({ isDefault }) => isDefault),
  });
  const changes = [update, add, reset];
  return {
    policy,
    isPending: changes.some((change) => change.isPending),
    error: error ?? changes.find((change) => change.error !== null)?.error ?? null,
    allowExternalIdp: (allowExternalIdp) =>
      policy && update.mutate({ ...pickPolicySettings(policy), allowExternalIdp }),
    addOwn: () => policy && add.mutate(copyPolicy(policy)),
    reset: () => reset.mutate({}),
  };
}
