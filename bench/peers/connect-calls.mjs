import {
  addProvider,
  checkField,
  getProvider,
  listProviders,
  providerId,
  providerName,
} from "../requests.mjs";

/** Creates the calls of a client that has Connect's methods. */
export function createConnectCalls(management) {
  return {
    async get() {
      const { idp } = await management.getProviderByID(getProvider);
      checkField(idp?.name, providerName);
    },
    async add() {
      const { id } = await management.addGenericOIDCProvider(addProvider);
      checkField(id, providerId);
    },
    async list(size) {
      const { result } = await management.listProviders(listProviders(size));
      checkField(result.length, size);
      checkField(result[0].name, providerName);
    },
  };
}
