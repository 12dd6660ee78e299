import { addProvider, checkField, paths, providerId, providerName } from "../requests.mjs";

const addBody = JSON.stringify(addProvider);

export const headers = { "content-type": "application/json", accept: "application/json" };

/** Creates the calls of a client. `send` takes a path and, for a POST, a body, and returns the parsed JSON. */
export function createJsonCalls(send) {
  return {
    async get() {
      const { idp } = await send(paths.get);
      checkField(idp?.name, providerName);
    },
    async add() {
      const { id } = await send(paths.add, addBody);
      checkField(id, providerId);
    },
  };
}
