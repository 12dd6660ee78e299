import { findSettingsProblems } from "./model/checks/settings-problems.js";
import { toFieldValues } from "./model/field-specs.js";
import { normalizeFields } from "./model/normalize-fields.js";
import type { IdentityProvider, ProviderSettings } from "./model/provider.js";
import { toStoredName } from "./model/stored-values.js";
import { toRequest } from "./model/to-request.js";
import { type Operation, type OperationOptions, startOperation } from "./operation.js";
import type { OwnerApi } from "./owner-api.js";
import { throwIfAny } from "./provider-error.js";
import { readOwnProvider } from "./read-provider.js";
import { isPermanentReadError } from "./resolve-create/is-permanent-read-error.js";
import { listSameNamed } from "./resolve-create/list-same-named.js";
import { runAfterWrite } from "./run-after-write.js";

const about = "a new provider";

/** Throws a `ProviderError` for settings that the server would reject. */
export function checkNewSettings(settings: ProviderSettings): void {
  throwIfAny("invalid", about, findSettingsProblems(toFieldValues(settings), "add"));
}

/**
 * Adds a provider. If the response is lost, searches for the provider that the call created, so that nothing is created twice.
 *
 * `known` contains the ids of the existing providers. By these ids, the search can tell the new provider from older ones even if no
 * response shows the server's clock. If `known` is left out, this function reads the providers of the same name before the add.
 */
export async function addProvider(
  api: OwnerApi,
  settings: ProviderSettings,
  options: OperationOptions = {},
  known?: ReadonlySet<string>,
): Promise<IdentityProvider> {
  const operation = startOperation(options);
  checkNewSettings(settings);
  const { type, ...fields } = settings;
  const request = toRequest(type, normalizeFields(type, fields));
  const before = known ?? (await readSameNamedIds(api, toStoredName(type, request), operation));
  const id = await api.add(type, request, operation.callOptions(), before);
  return await runAfterWrite(
    {
      about,
      id,
      done: "the provider was added",
      next: `Do not add it again; call get(${JSON.stringify(id)}) to read it`,
    },
    async () => (await readOwnProvider(api, id, operation)).model,
  );
}

/** Reads the ids of the providers of a name. Returns undefined if the caller may not list providers. */
async function readSameNamedIds(
  api: OwnerApi,
  name: string,
  operation: Operation,
): Promise<ReadonlySet<string> | undefined> {
  try {
    const sameNamed = await listSameNamed(api, name, operation.callOptions());
    return new Set(sameNamed.map(({ id }) => id));
  } catch (error) {
    if (isPermanentReadError(error)) {
      return undefined;
    }
    throw error;
  }
}
