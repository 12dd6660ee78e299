import { existsSync } from "node:fs";
import { isSecretLooking } from "./secret-looking.js";

/** Shorter values are not looked for, because they are parts of other words. */
const shortest = 16;

const hidden = "(not shown)";

/**
 * Returns the text of an error without the arguments and variables that look like secrets: users put a credential where a name
 * or a path belongs, and errors of other layers repeat it.
 */
export function hideSecrets(
  text: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): string {
  const values = [...args.flatMap(valuesIn), ...Object.values(env)];
  const secrets = values.filter(
    (value): value is string =>
      value !== undefined &&
      value.length >= shortest &&
      isSecretLooking(value) &&
      !isHarmless(value),
  );
  return [...new Set(secrets.flatMap(formsOf))]
    .toSorted((a, b) => b.length - a.length)
    .reduce((result, form) => result.replaceAll(form, hidden), text);
}

/** Returns an argument and the sides of its signs of equality: `--token-file=VALUE`, `--secret-file clientSecret=VALUE`. */
function valuesIn(arg: string): string[] {
  const [first = "", ...rest] = arg.split("=");
  return [arg, first, ...rest.slice(0, 2).map((_, index) => rest.slice(index).join("="))];
}

/** Paths and addresses of long random names are no secrets if they lead somewhere. */
function isHarmless(value: string): boolean {
  return (
    (/^https?:\/\/[^@?#]+$/.test(value) && value.length <= 200) ||
    (value.length <= 4096 && !value.includes("\0") && existsSync(value))
  );
}

/** Returns the forms in which errors repeat a value: itself and its lines, as they are and in JSON, and its random parts. */
function formsOf(value: string): string[] {
  const lines = value.split(/[\r\n]+/).map((line) => line.trim());
  const whole = [value, value.trim(), ...lines];
  const quoted = whole.map(inJson);
  // Between quotes, braces and backslashes a text is the same however often it is escaped.
  const parts = value.split(/[\s"'{},:\\]+/).filter(isSecretLooking);
  return [...whole, ...quoted, ...quoted.map(inJson), ...parts].filter(
    (form) => form.length >= shortest && !/^-+(?:BEGIN|END) [^-]*-+$/.test(form),
  );
}

function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
