import { fromJson } from "@bufbuild/protobuf";
import { ListProvidersResponseSchema } from "#gen/zitadel/management_pb.js";
import { checkField, listProviders, paths, providerName } from "../requests.mjs";
import { createJsonCalls, headers } from "./json-calls.mjs";

export async function open({ url }) {
  const send = async (path, body) => {
    const init = body === undefined ? { headers } : { method: "POST", headers, body };
    const response = await fetch(url + path, init);
    return JSON.parse(await response.text());
  };
  return {
    calls: {
      ...createJsonCalls(send),
      /** Lists providers. Converts the JSON with fromJson, so that callers get the same message as from all other peers. */
      async list(size) {
        const json = await send(paths.list, JSON.stringify(listProviders(size)));
        const { result } = fromJson(ListProvidersResponseSchema, json);
        checkField(result.length, size);
        checkField(result[0].name, providerName);
      },
    },
  };
}
