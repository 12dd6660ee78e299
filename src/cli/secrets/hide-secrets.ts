import { existsSync } from "node:fs";
import { findSecrets } from "../../redact/find-secrets.js";
import { listTextVariants } from "../../redact/secret-variants.js";
import { mergeRanges } from "../../redact/text-range.js";
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
  const forms = [...new Set(secrets.flatMap(listForms))];
  let result = "";
  let at = 0;
  for (const [from, to] of mergeRanges(findSecrets(text, forms, false))) {
    result += text.slice(at, from) + hiddenText;
    at = to;
  }
  return result + text.slice(at);
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

/** Returns the forms in which errors can repeat a value, and its random parts, which stay the same however often the rest is escaped. */
function listForms(value: string): string[] {
  const parts = value.split(/[\s"'{},:\\]+/).filter(isSecretLike);
  const lines = new Set(value.split("\n").map((line) => line.trim()));
  return [value, ...parts, ...listTextVariants(value)].filter(
    (form) => form.length >= minHiddenLength && (lines.has(form) || !isWord(form)),
  );
}

/** Returns true for letters and digits that may be the name of a field or of a folder within a long value. */
function isWord(form: string): boolean {
  return /^[A-Za-z0-9]+$/.test(form) && !isSecretLike(form);
}
