import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { describe, expect, test } from "vitest";
import type { CommandContext } from "../../src/cli/command-context.js";
import { createProgram } from "../../src/cli/program.js";
import { cli } from "../support/cli.js";
import { readCodeBlocks, root } from "../support/snippets.js";

const names = createProgram({} as CommandContext, "0").commands.map((command) => command.name());

/** Splits a shell line into commands at pipes and operators. Returns the words of each command. */
function commandsOf(line: string): string[][] {
  const words = line.match(
    /"(?:\\.|[^"\\])*"|'[^']*'|\|\||&&|[|;]|[^\s|;"']+(?:"[^"]*"|'[^']*')?/g,
  );
  const commands: string[][] = [[]];
  for (const word of words ?? []) {
    if (/^(?:\||\|\||&&|;)$/.test(word)) {
      commands.push([]);
    } else {
      commands.at(-1)?.push(word.replace(/^(["'])([^]*)\1$/, "$2"));
    }
  }
  return commands;
}

/** Returns the arguments of a zitadel-idp command without redirections and comments, or undefined for any other program. */
function argumentsOf(words: readonly string[]): string[] | undefined {
  const program = words.findIndex((word) => word === "zitadel-idp");
  const before = words.slice(0, Math.max(0, program)).filter((word) => !/^\w+=/.test(word));
  if (program < 0 || before.some((word) => word !== "npx")) {
    return undefined;
  }
  const args: string[] = [];
  const rest = words.slice(program + 1);
  for (let index = 0; index < rest.length; index++) {
    const word = rest[index] ?? "";
    if (word.startsWith("#")) {
      break;
    }
    if (/^\d?[<>]/.test(word)) {
      index += /^\d?[<>]+$/.test(word) ? 1 : 0;
    } else {
      args.push(word);
    }
  }
  return args;
}

/** Parses a command line as the program does, without running the command. */
async function parse(args: readonly string[]): Promise<void> {
  const program = createProgram({ env: {}, stderr: { write: () => true }, stdout: { write: () => true } } as unknown as CommandContext, "0"); // prettier-ignore
  const stub = (command: Command): void => {
    command.action(() => undefined);
  };
  program.commands.forEach(stub);
  await program.parseAsync(args, { from: "user" });
}

/** The other programs that examples may use. Readers have all of them. */
const known = new Set(["jq", "head", "tail", "cat", "grep", "npm", "npx", "export", "echo", "git", "terraform", "node", "cd", "."]); // prettier-ignore

async function check(line: string): Promise<number> {
  let count = 0;
  for (const words of commandsOf(line)) {
    const args = argumentsOf(words);
    if (args === undefined) {
      const first = words.find((word) => !/^\w+=/.test(word)) ?? "cat";
      expect(known, `${line}: ${first}`).toContain(first);
    } else if (!args.includes("--help") && !args.includes("--version")) {
      await parse(args);
      count++;
    }
  }
  return count;
}

describe("all examples are valid commands:", () => {
  test.each(names)("%s --help", async (name) => {
    const { stdout } = await cli([name, "--help"]);
    const examples = stdout.replaceAll(/\\\n\s*/g, "").match(/^ +\$ .*$/gm) ?? [];
    expect(examples.length).toBeGreaterThan(0);
    for (const example of examples) {
      expect(await check(example.replace(/^ +\$ /, ""))).toBeGreaterThan(0);
    }
  });

  const documents = ["README.md", ...["docs", "docs/guides"].flatMap((folder) => readdirSync(join(root, folder)).filter((name) => name.endsWith(".md")).map((name) => `${folder}/${name}`))]; // prettier-ignore
  test.each(documents)("%s", async (document) => {
    const lines = readCodeBlocks(document)
      .filter(({ language }) => ["sh", "yaml", "yml"].includes(language))
      .flatMap(({ code }) => code.replaceAll(/\\\n\s*/g, "").split("\n"))
      .flatMap((line) => /(?:^|\s)((?:npx )?zitadel-idp .*)$/.exec(line)?.[1] ?? [])
      .map((line) => line.replace(/ &$/, ""))
      .filter((line) => !line.startsWith("zitadel-idp tour"));
    for (const line of lines) {
      await check(line);
    }
  });

  test("an invalid command is noticed", async () => {
    await expect(
      check("zitadel-idp list-users | zitadel-idp delete x --users -"),
    ).rejects.toThrow();
    await expect(check("zitadel-idp list --no-such-option")).rejects.toThrow(/unknown option/);
    await expect(check("list-users | zitadel-idp list")).rejects.toThrow(/list-users/);
  });
});
