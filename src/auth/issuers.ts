import { Code } from "@connectrpc/connect";
import * as oauth from "oauth4webapi";
import { exchange, type Exchange, unexpected } from "./issuer-request.js";
import { findAddressProblem, type CheckedEndpointOptions } from "./endpoint-options.js";
import { quoteIssuerText } from "./quote-issuer-text.js";
import { tokenError } from "./token-error.js";
import type { TokenRequest } from "./token-source.js";

/** An issuer of tokens, and the state of its clock. */
export interface Issuer {
  readonly metadata: oauth.AuthorizationServer & { readonly token_endpoint: string };
  /** The lead of the issuer's clock over the local clock, in milliseconds; 0 until a response has a `Date` header. */
  clockOffsetMs: number;
}

/** The issuers of one token source. */
export interface Issuers {
  /** Returns the issuer for a request. Its discovery document is read once. */
  find(request: TokenRequest): Promise<Issuer>;
  /** Drops an issuer, so that the next request reads the discovery document again. */
  forget(issuer: Issuer): void;
}

export function createIssuers(options: CheckedEndpointOptions): Issuers {
  const { tokenEndpoint, allowInsecureAuth } = options;
  // Results instead of promises: in an edge runtime, a promise of a call that has ended may never settle.
  const known = new Map<string, Issuer>();
  return {
    async find(request) {
      const name = options.issuer ?? new URL(request.baseUrl).origin;
      const issuer = known.get(name) ?? (await discover(name, request));
      known.set(name, issuer);
      return issuer;
    },
    forget(issuer) {
      for (const [name, each] of known) {
        if (each === issuer) {
          known.delete(name);
        }
      }
    },
  };

  async function discover(name: string, request: TokenRequest): Promise<Issuer> {
    if (tokenEndpoint !== undefined) {
      return { metadata: { issuer: name, token_endpoint: tokenEndpoint }, clockOffsetMs: 0 };
    }
    const isApi = new URL(name).origin === new URL(request.baseUrl).origin;
    const allowed = allowInsecureAuth || (isApi && request.allowInsecureAuth === true);
    const problem = findAddressProblem(new URL(name), allowed);
    if (problem !== undefined) {
      throw tokenError(`the issuer ${problem}`, Code.FailedPrecondition);
    }
    const about: Exchange = {
      what: "the discovery document",
      url: `${name}/.well-known/openid-configuration`,
      issuer: name,
      request,
    };
    const {
      response,
      json,
      clockOffsetMs = 0,
    } = await exchange(about, (customFetch) =>
      oauth.discoveryRequest(new URL(name), {
        [oauth.customFetch]: customFetch,
        [oauth.allowInsecureRequests]: true,
        signal: request.signal,
      }),
    );
    if (response.status !== 200 || typeof json["issuer"] !== "string") {
      throw unexpected(about, response);
    }
    const metadata = await check(name, json, json["issuer"]);
    return { metadata, clockOffsetMs };
  }

  async function check(
    name: string,
    json: Readonly<Record<string, unknown>>,
    claimed: string,
  ): Promise<Issuer["metadata"]> {
    let metadata: oauth.AuthorizationServer;
    try {
      metadata = await oauth.processDiscoveryResponse(new URL(name), jsonResponse(json));
    } catch {
      throw tokenError(
        `the server at ${name} calls itself ${quoteIssuerText(claimed)}; use that address as the base URL, or pass it as issuer`,
        Code.FailedPrecondition,
      );
    }
    const { token_endpoint: address = "" } = metadata;
    if (!URL.canParse(address)) {
      throw tokenError(
        `the discovery document of ${name} names no token endpoint; pass its address as tokenEndpoint`,
        Code.FailedPrecondition,
      );
    }
    const endpoint = new URL(address);
    if (endpoint.origin !== new URL(name).origin) {
      throw tokenError(
        `the discovery document of ${name} names a token endpoint elsewhere, at ${quoteIssuerText(endpoint.origin)}; ` +
          "credentials go there only if you pass its address as tokenEndpoint",
        Code.FailedPrecondition,
      );
    }
    return { ...metadata, token_endpoint: endpoint.href };
  }
}

/** Wraps JSON that was already read in a Response, which oauth4webapi expects. */
export function jsonResponse(json: unknown): Response {
  return new Response(JSON.stringify(json), { headers: { "content-type": "application/json" } });
}
