// Bundles for browsers and for Node.js: node bundle.mjs BUNDLER TARGET ENTRY FOLDER. Each bundler has the minimal settings of an
// application. Source maps list the content of a bundle.
import { dirname } from "node:path";
import { nodeResolve } from "@rollup/plugin-node-resolve";
import { build as esbuild } from "esbuild";
import { rollup } from "rollup";
import { build as vite } from "vite";
import webpack from "webpack";

/** The banner that CommonJS dependencies need in a module. */
const requireInModules =
  'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);';

/** The warnings of rollup about code compiled by TypeScript, and about circular imports. */
const harmless = new Set(["THIS_IS_UNDEFINED", "CIRCULAR_DEPENDENCY"]);

const bundlers = {
  async esbuild({ entry, folder, target }) {
    await esbuild({
      entryPoints: [entry],
      outdir: folder,
      bundle: true,
      minify: true,
      sourcemap: true,
      format: "esm",
      ...(target === "node"
        ? { platform: "node", outExtension: { ".js": ".mjs" }, banner: { js: requireInModules } }
        : { platform: "browser", splitting: true }),
    });
  },

  async vite({ entry, folder }) {
    await vite({
      root: dirname(entry),
      base: "./",
      configFile: false,
      logLevel: "warn",
      build: {
        outDir: folder,
        sourcemap: true,
        rolldownOptions: { input: entry, output: { entryFileNames: "[name].js" } },
      },
    });
  },

  async rollup({ entry, folder }) {
    const bundle = await rollup({
      input: entry,
      // Without `browser: true`: code for browsers must be found by default.
      plugins: [nodeResolve()],
      onLog(level, log) {
        if (!harmless.has(log.code)) {
          throw new Error(`${level} ${log.code}: ${log.message}`);
        }
      },
    });
    await bundle.write({ dir: folder, format: "es", sourcemap: true });
    await bundle.close();
  },

  async webpack({ entry, folder, target }) {
    const compiler = webpack({
      mode: "production",
      target: target === "node" ? "node20" : "web",
      devtool: "source-map",
      context: dirname(entry),
      entry,
      output: { path: folder, filename: target === "node" ? "process.cjs" : "page.js" },
      // Takes longer than all the rest, and shows nothing beyond the bundle for browsers.
      optimization: { minimize: target === "browser" },
    });
    const stats = await new Promise((resolve, reject) => {
      compiler.run((error, result) => (error ? reject(error) : resolve(result)));
    });
    if (stats.hasErrors()) {
      throw new Error(stats.toString({ all: false, errors: true }));
    }
  },
};

const [bundler, target, entry, folder] = process.argv.slice(2);
await bundlers[bundler]({ entry, folder, target });
