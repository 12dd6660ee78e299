// Runs a worker in Vercel's edge runtime: node edge-runtime.mjs SCRIPT BODY. Prints the worker's response to a request with that
// body.
import { readFile } from "node:fs/promises";
import { EdgeRuntime } from "edge-runtime";

const [script, body] = process.argv.slice(2);
const runtime = new EdgeRuntime({ initialCode: await readFile(script, "utf8") });
const answer = await runtime.dispatchFetch("http://worker.example/", { method: "POST", body });
console.log(await answer.text());
