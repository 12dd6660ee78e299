// Runs a worker in workerd: node workerd.mjs SCRIPT BODY [VARIABLES]. Prints the worker's response to a request with that body.
// VARIABLES is a JSON object, the variables of the worker.
import { readFile } from "node:fs/promises";
import { Miniflare } from "miniflare";

const [script, body, variables = "{}"] = process.argv.slice(2);
const miniflare = new Miniflare({
  modules: [{ type: "ESModule", path: "worker.mjs", contents: await readFile(script, "utf8") }],
  modulesRoot: "/",
  bindings: JSON.parse(variables),
  // No flags, in particular none for modules of Node.js.
  compatibilityDate: "2026-07-01",
  // Otherwise it looks up its location over the network.
  cf: false,
});
try {
  const answer = await miniflare.dispatchFetch("http://worker.example/", { method: "POST", body });
  console.log(await answer.text());
} finally {
  await miniflare.dispose();
}
