import type { EmulatorSeed } from "../../emulator/index.js";
import { readTextFile } from "../files/read-text-file.js";
import { checkShape } from "../yaml/check-shape.js";
import { parseYaml } from "../yaml/parse-yaml.js";
import { toLiteralData } from "../yaml/resolve-yaml.js";
import { seedShape } from "./seed-shape.js";

/** Reads an emulator seed in YAML or JSON. Throws a FileError with line and column for a mistake in the file. */
export function readSeedFile(file: string): EmulatorSeed {
  const text = readTextFile(file, { content: "the seed", source: "--seed" });
  const yaml = parseYaml(file, text);
  checkShape(yaml, seedShape, "the seed");
  return toLiteralData(yaml) as EmulatorSeed;
}
