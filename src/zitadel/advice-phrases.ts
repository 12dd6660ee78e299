import type { OptionPhrase } from "../utils/option-text.js";

/** The name of a phrase in the messages of failed calls and operations. */
export type AdvicePhraseName =
  | "advisePassphrase"
  | "adviseServerName"
  | "adviseTokenEndpoint"
  | "byConnectTimeout"
  | "createPolicy"
  | "desiredState"
  | "evenIfLinked"
  | "findAdded"
  | "instanceHost"
  | "noProxy"
  | "orgId"
  | "passNoProxy"
  | "passOrgId"
  | "passUsers"
  | "protocolGrpc"
  | "protocolGrpcWeb"
  | "protocolGrpcWebOrJson"
  | "protocolJson"
  | "proxy"
  | "raiseTokenTimeout"
  | "tlsCa"
  | "tlsCert"
  | "tlsKey"
  | "trustTokenEndpoint"
  | "useIssuer"
  | "useOwnerInstance";

/** The phrases about options in the messages of failed calls and operations, for programs that call the library. */
export const advice: Readonly<Record<AdvicePhraseName, OptionPhrase>> = {
  advisePassphrase: { name: "advisePassphrase", text: "; pass its passphrase as tls.passphrase" },
  adviseServerName: { name: "adviseServerName", text: ", or pass one as tls.serverName" },
  adviseTokenEndpoint: { name: "adviseTokenEndpoint", text: "; pass its address as tokenEndpoint" },
  byConnectTimeout: { name: "byConnectTimeout", text: " (connectTimeoutMs)" },
  createPolicy: { name: "createPolicy", text: "createPolicy: true" },
  desiredState: { name: "desiredState", text: "the desired state" },
  evenIfLinked: { name: "evenIfLinked", text: "evenIfLinked: true" },
  findAdded: {
    name: "findAdded",
    text: "resolveCreate of zitadel-idp/providers finds out whether it is there",
  },
  instanceHost: { name: "instanceHost", text: "instanceHost" },
  noProxy: { name: "noProxy", text: "proxy: false" },
  orgId: { name: "orgId", text: "orgId" },
  passNoProxy: { name: "passNoProxy", text: "pass proxy: false" },
  passOrgId: { name: "passOrgId", text: "put the id of its organization into orgId" },
  passUsers: { name: "passUsers", text: "pass users to check, or evenIfLinked: true" },
  protocolGrpc: { name: "protocolGrpc", text: 'protocol: "grpc"' },
  protocolGrpcWeb: { name: "protocolGrpcWeb", text: 'protocol: "grpc-web"' },
  protocolGrpcWebOrJson: { name: "protocolGrpcWebOrJson", text: 'protocol: "grpc-web" or "json"' },
  protocolJson: { name: "protocolJson", text: 'protocol: "json"' },
  proxy: { name: "proxy", text: "the option proxy" },
  raiseTokenTimeout: {
    name: "raiseTokenTimeout",
    text: "raise timeoutMs of the token source, or ",
  },
  tlsCa: { name: "tlsCa", text: "tls.ca" },
  tlsCert: { name: "tlsCert", text: "tls.cert" },
  tlsKey: { name: "tlsKey", text: "tls.key" },
  trustTokenEndpoint: {
    name: "trustTokenEndpoint",
    text: "credentials go there only if you pass its address as tokenEndpoint",
  },
  useIssuer: {
    name: "useIssuer",
    text: "use that address as the base URL, or pass its host as instanceHost, or pass it as issuer",
  },
  useOwnerInstance: { name: "useOwnerInstance", text: 'use { owner: "instance" }' },
};
