import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { readCodeBlocks, root, type Snippet } from "./snippets.js";

/** A command of a guide and its expected exit status: 0, or the one in a comment such as `# exit 2` after the command. */
export interface GuideCommand {
  readonly text: string;
  readonly exit: number;
}

/** A step of a guide: write a file, enter commands, or run a snippet, and compare the output with the text below. */
export type Step =
  | { readonly kind: "file"; readonly name: string; readonly path: string; readonly text: string }
  | {
      readonly kind: "run";
      readonly name: string;
      readonly commands: readonly GuideCommand[];
      readonly snippet?: Snippet;
      readonly shown?: string;
    };

/**
 * Parses the steps of a guide, in order. A block with `# path` as its first line is a file; a block of `text` is expected output.
 */
export function readGuide(document: string): Step[] {
  const steps: Step[] = [];
  let snippets = 0;
  for (const { language, code } of readCodeBlocks(document)) {
    const path = /^# ([\w.~/-]+\.(?:env|json|ya?ml))$/m.exec(code.split("\n")[0] ?? "")?.[1];
    const last = steps.at(-1);
    if (path !== undefined) {
      steps.push({ kind: "file", name: path, path, text: code });
    } else if (language === "text" && last?.kind === "run" && last.shown === undefined) {
      steps.splice(-1, 1, { ...last, shown: code });
    } else if (language === "sh") {
      const commands = parseCommands(code);
      steps.push({ kind: "run", name: commands[0]?.text ?? "", commands });
    } else if (language === "ts") {
      const file = `snippet-${++snippets}`;
      steps.push({
        kind: "run",
        name: `snippet ${snippets}`,
        commands: [],
        snippet: { name: file, file, code },
      });
    }
  }
  return steps;
}

function parseCommands(code: string): GuideCommand[] {
  return code
    .replaceAll(/\\\n\s*/g, "")
    .split("\n")
    .filter((line) => line.trim() !== "" && !line.startsWith("#"))
    .map((line) => ({
      text: line.replace(/\s+# exit \d+$/, ""),
      exit: Number(/\s# exit (\d+)$/.exec(line)?.[1] ?? 0),
    }));
}

/** The result of a step: its interleaved standard output and standard error, and the exit statuses of its commands. */
export interface StepOutcome {
  readonly printed: string;
  readonly exits: readonly number[];
}

/** The environment in which a guide runs. */
export interface GuideEnvironment {
  /** The folder of the reader, which is also the home folder. */
  readonly folder: string;
  /** The folder of the snippets, as JavaScript. */
  readonly scripts: string;
  /** The addresses in the guide, and their replacements in the test. */
  readonly addresses: Readonly<Record<string, string>>;
  /** The environment variables of the reader, besides a home and a path. */
  readonly env: NodeJS.ProcessEnv;
}

const cliScript = join(root, "dist/node/cli/main.js");
const composeScript = join(root, "test/support/compose-run.mjs");

/** The mark that ends the output of each command. The status follows it. */
const mark = "\u001e";

/**
 * Runs a guide from the first step to the last in one shell, as a reader would, with the built `npx zitadel-idp`. `docker compose` runs
 * the commands of compose.yaml without containers.
 */
export async function runGuide(
  steps: readonly Step[],
  environment: GuideEnvironment,
): Promise<StepOutcome[]> {
  const { folder, scripts, addresses, env } = environment;
  const toLocal = (text: string): string => replaceAll(text, Object.entries(addresses));
  const files = join(folder, ".files");
  mkdirSync(files, { recursive: true });
  const lines = [
    "exec 2>&1",
    `docker() { shift; ${JSON.stringify(process.execPath)} ${JSON.stringify(composeScript)} ${JSON.stringify(cliScript)} compose "$@"; }`,
    `npx() { shift; ${JSON.stringify(process.execPath)} ${JSON.stringify(cliScript)} "$@"; }`,
  ];
  const appendMark = (command: string): string => `${command}\nprintf '${mark}%d${mark}' $?`;
  steps.forEach((step, index) => {
    if (step.kind === "file") {
      const source = join(files, String(index));
      writeFileSync(source, toLocal(step.text), { mode: 0o600 });
      lines.push(`mkdir -p "$(dirname ${step.path})" && cp ${JSON.stringify(source)} ${step.path}`);
    } else if (step.snippet !== undefined) {
      const script = join(scripts, `${step.snippet.file}.js`);
      lines.push(appendMark(`${JSON.stringify(process.execPath)} ${JSON.stringify(script)}`));
    } else {
      lines.push(...step.commands.map(({ text }) => appendMark(toLocal(text))));
    }
  });
  const { stdout } = await promisify(execFile)("sh", ["-c", lines.join("\n")], {
    cwd: folder,
    env: { ...env, PATH: process.env["PATH"], HOME: folder },
  });
  const parts = stdout.split(mark);
  const toPublic = (text: string): string =>
    replaceAll(
      text,
      Object.entries(addresses).map(([there, here]) => [here, there]),
    );
  return steps.map((step): StepOutcome => {
    const count = step.kind === "file" ? 0 : Math.max(1, step.commands.length);
    const outputs = parts.splice(0, 2 * count);
    return {
      printed: toPublic(outputs.filter((_, index) => index % 2 === 0).join("")),
      exits: outputs.filter((_, index) => index % 2 === 1).map(Number),
    };
  });
}

function replaceAll(text: string, pairs: readonly (readonly [string, string])[]): string {
  return pairs.reduce((result, [from, to]) => result.replaceAll(from, to), text);
}

/** Replaces ids and times, which differ between runs, with names. The same id gets the same name. */
export function normalizeOutput(texts: readonly string[]): string[] {
  const names = new Map<string, string>();
  const replaceId = (id: string): string => {
    const name = names.get(id) ?? `<id ${names.size + 1}>`;
    names.set(id, name);
    return name;
  };
  return texts.map((text) =>
    text
      .replaceAll(/\b\d{4}-\d\d-\d\dT[\d:.]+Z\b/g, "<time>")
      .replaceAll(/\b\d{17,19}\b/g, replaceId),
  );
}
