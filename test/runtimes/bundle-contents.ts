import { readdir, readFile } from "node:fs/promises";
import { builtinModules } from "node:module";
import { join } from "node:path";

/** The patterns of files that no bundle for a browser may hold. */
const foreign: Readonly<Record<string, RegExp>> = {
  "the HTTP/2 client": /@connectrpc\/connect-node\/|\/transport\/(?:grpc|http2[\w-]*)\.[jt]s$/,
  "the emulator": /zitadel-idp\/(?:dist\/)?src\/(?:emulator|cli)\//,
  "what only the emulator needs": /\/(?:reflect-metadata|yaml|commander|@peculiar\/x509)\//,
  "validation rules": /zitadel-idp\/(?:dist\/)?gen\/(?:rules\.|validate\/)/,
  "a stand-in for a module of Node.js": /browser-external|polyfill/,
};

/** The files that a bundle must hold; without them, the check inspected nothing. */
const own = /zitadel-idp\/(?:dist\/)?src\/client\.[jt]s$/;
const ownDescriptor = "zitadel/management.proto";

const builtins = builtinModules.filter((name) => /^[a-z]/.test(name)).join("|");
const nodeImport = new RegExp(
  `\\b(?:from|import|require)\\s*\\(?\\s*["'\`](?:node:[\\w/]+|${builtins})["'\`]`,
  "g",
);

/** Returns the problems of a bundle for browsers. */
export async function findContentProblems(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  const read = (extension: string) =>
    Promise.all(
      names
        .filter((name) => name.endsWith(extension))
        .map((name) => readFile(join(folder, name), "utf8")),
    );
  const [texts, maps] = await Promise.all([read(".js"), read(".map")]);
  const sources = maps.flatMap((map) => (JSON.parse(map) as { sources: string[] }).sources);
  // Our source maps are plain text, those of others base64.
  const descriptors = [...texts, ...texts.flatMap(embedded)];
  return [
    ...Object.entries(foreign).flatMap(([what, pattern]) => {
      const [first, ...others] = sources.filter((source) => pattern.test(source));
      const rest = others.length === 0 ? "" : ` and ${others.length} more`;
      return first === undefined ? [] : [`holds ${what}: ${first}${rest}`];
    }),
    ...texts.flatMap((text) => text.match(nodeImport) ?? []).map((found) => `imports: ${found}`),
    ...descriptors
      .filter((descriptor) => descriptor.includes("validate/validate.proto"))
      .map(() => "holds a descriptor with validation rules"),
    ...(sources.some((source) => own.test(source)) ? [] : ["no source map names the client"]),
    ...(descriptors.some((descriptor) => descriptor.includes(ownDescriptor))
      ? []
      : ["no descriptor of the ManagementService is in it"]),
  ];
}

/** Returns the descriptors that generated code carries as base64. */
function embedded(text: string): string[] {
  return [...text.matchAll(/["'`]([A-Za-z0-9+/]{64,}={0,2})["'`]/g)].map(([, literal = ""]) =>
    Buffer.from(literal, "base64").toString("latin1"),
  );
}
