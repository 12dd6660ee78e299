/** The id attributes of known user endpoints, by their host and the end of their path. */
export const knownIdAttributes: readonly {
  readonly host: string;
  readonly path: string;
  readonly attribute: string;
}[] = [
  { host: "api.github.com", path: "/user", attribute: "id" },
  { host: "gitlab.com", path: "/api/v4/user", attribute: "id" },
  { host: "www.googleapis.com", path: "/oauth2/v1/userinfo", attribute: "id" },
  { host: "www.googleapis.com", path: "/oauth2/v2/userinfo", attribute: "id" },
  { host: "www.googleapis.com", path: "/oauth2/v3/userinfo", attribute: "sub" },
  { host: "openidconnect.googleapis.com", path: "/v1/userinfo", attribute: "sub" },
  { host: "graph.facebook.com", path: "/me", attribute: "id" },
  { host: "graph.microsoft.com", path: "/v1.0/me", attribute: "id" },
  { host: "graph.microsoft.com", path: "/oidc/userinfo", attribute: "sub" },
  { host: "discord.com", path: "/users/@me", attribute: "id" },
  { host: "api.linkedin.com", path: "/v2/userinfo", attribute: "sub" },
];
