import { existsSync } from "node:fs";
import { isSecretLike } from "./detect-secrets.js";

/** The minimum length of a hidden value, in characters. Shorter values also occur as parts of other words. */
const minHiddenLength = 16;

const hiddenText = "(not shown)";

/**
 * Hides arguments and environment variables that look like secrets in the text of an error. Users sometimes pass a credential instead of
 * a name or a path, and errors of other layers repeat it.
 */
export function hideSecrets(
  text: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): string {
  const values = [...args.flatMap(splitArgument), ...Object.values(env)];
  const secrets = values.filter(
    (value): value is string =>
      value !== undefined &&
      value.length >= minHiddenLength &&
      isSecretLike(value) &&
      !isHarmless(value),
  );
  return [...new Set(secrets.flatMap(listForms))]
    .toSorted((a, b) => b.length - a.length)
    .reduce((result, form) => result.replaceAll(form, hiddenText), text);
}

/** Returns an argument and the parts around its equals signs: `--token-file=VALUE`, `--secret-file clientSecret=VALUE`. */
function splitArgument(arg: string): string[] {
  const [first = "", ...rest] = arg.split("=");
  return [arg, first, ...rest.slice(0, 2).map((_, index) => rest.slice(index).join("="))];
}

/** Returns true for a value that only looks random: a plain URL, or the path of an existing file. */
function isHarmless(value: string): boolean {
  return (
    (/^https?:\/\/[^@?#]+$/.test(value) && value.length <= 200) ||
    (value.length <= 4096 && !value.includes("\0") && existsSync(value))
  );
}

/** Returns the forms in which errors can repeat a value: the value and its lines, plain and as JSON, and its random parts. */
function listForms(value: string): string[] {
  const lines = value.split(/[\r\n]+/).map((line) => line.trim());
  const plain = [value, value.trim(), ...lines];
  const quoted = plain.map(escapeForJson);
  // Escaping, even repeated, changes only quotes, braces and backslashes. The parts between them stay the same.
  const parts = value.split(/[\s"'{},:\\]+/).filter(isSecretLike);
  return [...plain, ...quoted, ...quoted.map(escapeForJson), ...parts].filter(
    (form) => form.length >= minHiddenLength && !/^-+(?:BEGIN|END) [^-]*-+$/.test(form),
  );
}

function escapeForJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
