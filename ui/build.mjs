// `npm run build -w @zitadel-idp/ui`: builds the page in ui/dist, and the client that it needs in dist.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build as buildPage } from "vite";
import { build as buildClient } from "../tools/build.mjs";
import { formatLicenses } from "../tools/format-licenses.mjs";

const folder = fileURLToPath(new URL(".", import.meta.url));
const root = fileURLToPath(new URL("..", import.meta.url));

await buildClient();
const { output } = await buildPage({
  configFile: join(folder, "vite.config.ts"),
  logLevel: "warn",
});
const modules = output.flatMap(({ moduleIds = [] }) => moduleIds);
const files = modules.filter((id) => !id.startsWith("\0")).map((id) => id.split("?", 1)[0]);
writeFileSync(join(folder, "dist", "THIRD-PARTY-LICENSES.txt"), formatLicenses(root, files));
