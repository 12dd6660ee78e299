import { afterEach } from "vitest";

/** The environment variables for proxies, in lower and upper case. */
const names = ["http_proxy", "https_proxy", "all_proxy", "no_proxy"].flatMap((name) => [
  name,
  name.toUpperCase(),
]);

function setVariables(values: Readonly<Record<string, string | undefined>>): void {
  for (const name of names) {
    const value = values[name];
    if (value === undefined) {
      delete process.env[name];
    } else {
      process.env[name] = value;
    }
  }
}

/**
 * Restores the environment variables for proxies after each test of a file. Returns a function that sets these variables, and removes
 * those without a value.
 */
export function useProxyVariables(): (values: Readonly<Record<string, string>>) => void {
  const before = Object.fromEntries(names.map((name) => [name, process.env[name]]));
  afterEach(() => setVariables(before));
  return setVariables;
}
