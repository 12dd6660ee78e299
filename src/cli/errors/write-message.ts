import type { Message } from "../../utils/message.js";
import type { AdvicePhraseName } from "../../zitadel/advice-phrases.js";
import type { OptionPhraseName } from "../../zitadel/option-phrases.js";

/** The phrases of the command line that replace those with options of the library. */
const phrases: Readonly<Record<OptionPhraseName | AdvicePhraseName, string>> = {
  advisePassphrase: "; set ZITADEL_KEY_PASSPHRASE to its passphrase",
  adviseServerName: "",
  adviseTokenAsAuth: ": pass a token (--token-file, ZITADEL_TOKEN)",
  adviseTokenEndpoint: ": use ZITADEL's own address as --url",
  adviseNoAuth: "",
  allowInsecureAuth: "pass --allow-insecure-auth",
  byConnectTimeout: "",
  baseUrl: "the URL (--url, ZITADEL_URL)",
  createPolicy: "--create-policy",
  desiredState: "the file",
  evenIfLinked: "--even-if-linked",
  findAdded: "zitadel-idp list shows if it is there",
  instanceHost: "the instance host (--instance-host, ZITADEL_INSTANCE_HOST)",
  noProxy: "--proxy none",
  orgId: "--org",
  passNoProxy: "pass --proxy none",
  passOrgId: "pass the id of its organization (--org, ZITADEL_ORG)",
  passUsers: "pass --users, or --even-if-linked",
  protocolGrpc: "--protocol grpc",
  protocolGrpcWeb: "--protocol grpc-web",
  protocolGrpcWebOrJson: "--protocol grpc-web or json",
  protocolJson: "--protocol json",
  proxy: "--proxy",
  raiseTokenTimeout: "",
  tlsCa: "--ca-file",
  tlsCert: "--cert-file",
  tlsKey: "--key-pem-file",
  trustTokenEndpoint: "credentials do not go there: use ZITADEL's own address as --url",
  useIssuer: "use that address as --url, or pass its host as --instance-host",
  useOwnerInstance: "use --instance",
};

const phraseByName: ReadonlyMap<string, string> = new Map(Object.entries(phrases));

/** Writes a message of the library for users of the command line: with flags instead of the names of options. */
export function writeMessage(message: Message): string {
  return typeof message === "string"
    ? message
    : message.parts
        .map((part) =>
          typeof part === "string" ? part : (phraseByName.get(part.name) ?? part.text),
        )
        .join("");
}
