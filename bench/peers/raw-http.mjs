// node:http with keep-alive connections, a body that is encoded in advance, and a response that is not parsed.
import { Agent, request } from "node:http";
import { addProvider, paths } from "../requests.mjs";
import { headers } from "./json-calls.mjs";

export async function open({ url }) {
  const { hostname, port } = new URL(url);
  const agent = new Agent({ keepAlive: true });
  const send = (path, method, bodyHeaders, body) =>
    new Promise((resolve, reject) => {
      const call = request(
        { agent, hostname, port, path, method, headers: { ...headers, ...bodyHeaders } },
        (response) => {
          let bytes = 0;
          response.on("data", (chunk) => (bytes += chunk.length));
          response.on("error", reject);
          response.on("end", () =>
            bytes > 0 ? resolve() : reject(new Error("the response is empty")),
          );
        },
      );
      call.on("error", reject);
      call.end(body);
    });
  const addBody = Buffer.from(JSON.stringify(addProvider));
  const bodyHeaders = { "content-length": addBody.length };
  return {
    calls: {
      get: () => send(paths.get, "GET"),
      add: () => send(paths.add, "POST", bodyHeaders, addBody),
    },
  };
}
