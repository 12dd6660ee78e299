import type { SamlEndpoint } from "../../../formats/saml-entity.js";

const prefix = "urn:oasis:names:tc:SAML:2.0:bindings:";

/** The bindings with which ZITADEL sends requests, by the value of `binding`, in ZITADEL's order of preference. */
const requestBindings: Readonly<Record<string, readonly string[]>> = {
  unspecified: ["HTTP-Redirect", "HTTP-POST"],
  redirect: ["HTTP-Redirect"],
  post: ["HTTP-POST"],
};

/** Returns the endpoint to which ZITADEL sends requests, as crewjam/saml chooses it. Returns undefined if there is none. */
export function findRequestEndpoint(
  endpoints: readonly SamlEndpoint[],
  binding: string,
): SamlEndpoint | undefined {
  return (requestBindings[binding] ?? [])
    .map((name) => endpoints.find((each) => each.binding === prefix + name))
    .find((each) => each !== undefined);
}

/** Returns the short name of a binding, e.g. `HTTP-POST`. */
export function shortenBinding(binding: string): string {
  return binding.startsWith(prefix) ? binding.slice(prefix.length) : binding;
}
