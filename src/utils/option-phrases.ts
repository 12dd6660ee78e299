/** The phrases of messages that name an option, for programs that call the library. The command line has its own for the same names. */
const texts = {
  advisePassphrase: "; pass its passphrase as tls.passphrase",
  adviseServerName: ", or pass one as tls.serverName",
  adviseTokenAsAuth: "; pass the token as auth",
  adviseTokenEndpoint: "; pass its address as tokenEndpoint",
  adviseNoAuth: "; leave it out to call without one",
  allowInsecureAuth: "set allowInsecureAuth: true",
  baseUrl: "baseUrl",
  createPolicy: "createPolicy: true",
  desiredState: "the desired state",
  evenIfLinked: "evenIfLinked: true",
  findAdded: "resolveCreate of zitadel-idp/providers finds out whether it is there",
  instanceHost: "instanceHost",
  noProxy: "proxy: false",
  orgId: "orgId",
  passNoProxy: "pass proxy: false",
  passOrgId: "put the id of its organization into orgId",
  passUsers: "pass users to check, or evenIfLinked: true",
  protocolGrpc: 'protocol: "grpc"',
  protocolGrpcWeb: 'protocol: "grpc-web"',
  protocolGrpcWebOrJson: 'protocol: "grpc-web" or "json"',
  protocolJson: 'protocol: "json"',
  proxy: "the option proxy",
  tlsCa: "tls.ca",
  tlsCert: "tls.cert",
  tlsKey: "tls.key",
  trustTokenEndpoint: "credentials go there only if you pass its address as tokenEndpoint",
  useIssuer:
    "use that address as the base URL, or pass its host as instanceHost, or pass it as issuer",
  useOwnerInstance: 'use { owner: "instance" }',
} as const;

/** The name of a phrase about an option. */
export type OptionPhraseName = keyof typeof texts;

/** A phrase about an option: its name, and its text for programs that call the library. */
export class OptionPhrase {
  readonly name: OptionPhraseName;
  readonly text: string;

  constructor(name: OptionPhraseName, text: string) {
    this.name = name;
    this.text = text;
  }

  toString(): string {
    return this.text;
  }
}

/** The phrases by their names. */
export const phrase: Readonly<Record<OptionPhraseName, OptionPhrase>> = Object.fromEntries(
  (Object.keys(texts) as OptionPhraseName[]).map((name) => [
    name,
    new OptionPhrase(name, texts[name]),
  ]),
) as Record<OptionPhraseName, OptionPhrase>;
