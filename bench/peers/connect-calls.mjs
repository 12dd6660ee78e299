// The calls of every client with Connect's methods.
import {
  addProvider,
  check,
  getProvider,
  listProviders,
  providerId,
  providerName,
} from "../exchanges.mjs";

export function connectCalls(management) {
  return {
    async get() {
      const { idp } = await management.getProviderByID(getProvider);
      check(idp?.name, providerName);
    },
    async add() {
      const { id } = await management.addGenericOIDCProvider(addProvider);
      check(id, providerId);
    },
    async list(size) {
      const { result } = await management.listProviders(listProviders(size));
      check(result.length, size);
      check(result[0].name, providerName);
    },
  };
}
