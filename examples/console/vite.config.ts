import { fileURLToPath } from "node:url";
import type { UserConfig } from "vite";

const config: UserConfig = {
  root: fileURLToPath(new URL(".", import.meta.url)),
  // Relative addresses, so that the built files can be served from any folder.
  base: "./",
  build: {
    target: "es2022",
    outDir: "dist",
    emptyOutDir: true,
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
