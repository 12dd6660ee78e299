/** The part of the package `oidc-provider`, which has no types of its own, that the tests use. */
declare module "oidc-provider" {
  import type { RequestListener } from "node:http";

  export class Provider {
    constructor(issuer: string, configuration: Readonly<Record<string, unknown>>);
    callback(): RequestListener;
    /** The tokens that the provider has issued. */
    readonly AccessToken: { find(token: string): Promise<object | undefined> };
  }
}
