import type { NamedId } from "../../whoami/facts.js";

/** Returns the name of an object with its id, e.g. `Acme (7)`, or the id alone if the name is not known. */
export function formatNamedId({ id, name }: NamedId): string {
  return name ? `${name} (${id})` : id;
}
