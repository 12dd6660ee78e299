import { join } from "node:path";
import { findContentProblems } from "./bundle-contents.js";
import { type Bundler, bundlerVersion } from "./bundles.js";
import type { ScriptContext } from "./browsers.js";
import { type Context, runDriver, type Row } from "./row.js";
import type { Expected } from "./driver-servers.js";

const expected: Expected = { auto: "grpc-web", wires: ["grpc-web", "json"] };

/** Browsers, with the program as esbuild bundles it. */
export const browserRows: readonly Row[] = (
  [
    ["Chromium", "page"],
    ["Chromium", "worker"],
    ["Firefox", "page"],
    ["Firefox", "worker"],
  ] as const
).map(([browser, place]) => ({
  id: `${browser.toLowerCase()}${place === "page" ? "" : "-worker"}`,
  name: `${browser}, ${place === "page" ? "page" : "web worker"}`,
  usesChromium: browser === "Chromium",
  run: (context) => runBrowser(context, browser, place),
}));

const bundlers: readonly [id: Bundler, name: string][] = [
  ["esbuild", "esbuild"],
  ["vite", "Vite"],
  ["rollup", "rollup"],
  ["webpack", "webpack"],
];

/** Bundles for browsers: checks their content, and runs them in a browser. */
export const browserBundleRows: readonly Row[] = bundlers.map(([id, name]) => ({
  id,
  name: `${name}, for browsers`,
  usesChromium: true,
  async run(context) {
    const { bundles } = context;
    const folder = join(bundles.directory, await bundles.make(id, "browser"));
    const foreign = await findContentProblems(folder);
    const outcome = await runBrowser(context, "Chromium", "page", id).catch((error: unknown) =>
      // The content of the bundle is the likely cause.
      foreign.length === 0 ? Promise.reject(error) : { problems: [String(error)] },
    );
    const problems = [...foreign, ...outcome.problems];
    return { ...outcome, version: await bundlerVersion(id), problems };
  },
}));

async function runBrowser(
  context: Context,
  name: "Chromium" | "Firefox",
  place: ScriptContext,
  bundler: Bundler = "esbuild",
) {
  const { browsers, bundles } = context;
  const bundle = await bundles.make(bundler, "browser");
  const open = await (name === "Chromium" ? browsers.chromium() : browsers.firefox());
  const outcome = await runDriver(context, expected, (setup) =>
    browsers.drive(open, bundle, place, setup),
  );
  return { version: open.version, ...outcome };
}
