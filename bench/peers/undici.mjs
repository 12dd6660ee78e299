import { Agent, request } from "undici";
import { createJsonCalls, headers } from "./json-calls.mjs";

export async function open({ url }) {
  const dispatcher = new Agent();
  const send = async (path, body) => {
    const init = body === undefined ? { headers } : { method: "POST", headers, body };
    const response = await request(url + path, { ...init, dispatcher });
    return JSON.parse(await response.body.text());
  };
  return { calls: createJsonCalls(send) };
}
