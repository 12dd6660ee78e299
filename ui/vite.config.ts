import { fileURLToPath } from "node:url";
import type { UserConfig } from "vite";

const config: UserConfig = {
  root: fileURLToPath(new URL(".", import.meta.url)),
  // Relative addresses, because the emulator serves the page below a path.
  base: "./",
  build: {
    target: "es2022",
    outDir: "dist",
    emptyOutDir: true,
    // The content security policy of the page allows no scripts and styles in addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // TanStack Query marks its files for frameworks with server components. A page without a server needs no marks.
      onwarn: (warning, warn) => {
        if (warning.code !== "MODULE_LEVEL_DIRECTIVE") {
          warn(warning);
        }
      },
    },
  },
};

export default config;
