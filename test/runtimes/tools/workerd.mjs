// Runs a worker in workerd: node workerd.mjs SCRIPT BODY. Prints what the worker answers to a request with that body.
import { readFile } from "node:fs/promises";
import { Miniflare } from "miniflare";

const [script, body] = process.argv.slice(2);
const miniflare = new Miniflare({
  modules: [{ type: "ESModule", path: "worker.mjs", contents: await readFile(script, "utf8") }],
  modulesRoot: "/",
  // No flags: above all none that brings modules of Node.js.
  compatibilityDate: "2026-07-01",
  // Otherwise it asks the network where it is.
  cf: false,
});
try {
  const answer = await miniflare.dispatchFetch("http://worker.example/", { method: "POST", body });
  console.log(await answer.text());
} finally {
  await miniflare.dispose();
}
