/**
 * The phrases of library errors that name an option of the library, with their equivalents on the command line. They apply in
 * order, so a longer phrase comes before a part of it. A test finds library texts that would reach users with an option in them.
 */
const translations: readonly (readonly [library: RegExp, cli: string])[] = [
  [/; leave it out to call without one/g, ""],
  [/set allowInsecureAuth: true/g, "give --allow-insecure-auth"],
  [/must not hold a user name or password; pass the token as auth/g, "must not hold a user name or password: give a token (--token-file, ZITADEL_TOKEN)"], // prettier-ignore
  [/use that address as the base URL, or pass its host as instanceHost, or pass it as issuer/g, "use that address as --url, or pass its host as --instance-host"], // prettier-ignore
  [/; pass its address as tokenEndpoint/g, ": use ZITADEL's own address as --url"],
  [/credentials go there only if you pass its address as tokenEndpoint/g, "credentials do not go there: use ZITADEL's own address as --url"], // prettier-ignore
  [/protocol: "grpc-web" or "json"/g, "--protocol grpc-web or json"],
  [/(?:the )?protocol:? "([\w-]+)"/g, "--protocol $1"],
  [/put the id of its organization into orgId/g, "pass the id of its organization (--org, ZITADEL_ORG)"], // prettier-ignore
  [/\borgId takes the id/g, "--org takes the id"],
  [/\b(without|unless) orgId\b/g, "$1 --org"],
  [/pass users to check, or evenIfLinked: true/g, "give --users, or --even-if-linked"],
  [/evenIfLinked: true/g, "--even-if-linked"],
  [/\bcreatePolicy: true/g, "--create-policy"],
  [/use \{ owner: "instance" \}/g, "use --instance"],
  [/the options: rotate: the desired state/g, "--rotate: the file"],
  [/\bthe desired state\b/g, "the file"],
  [/resolveCreate of zitadel-idp\/providers finds out whether it is there/g, "zitadel-idp list shows if it is there"], // prettier-ignore
  [/\binstanceHost\b/g, "the instance host (--instance-host, ZITADEL_INSTANCE_HOST)"],
  [/the option proxy\b/g, "--proxy"],
  [/\bpass proxy: false/g, "give --proxy none"],
  [/\bproxy: false/g, "--proxy none"],
  [/; pass its passphrase as tls\.passphrase/g, "; set ZITADEL_KEY_PASSPHRASE to its passphrase"],
  [/, or pass one as tls\.serverName/g, ""],
  [/\btls\.ca\b/g, "--ca-file"],
  [/\btls\.cert\b/g, "--cert-file"],
  [/\btls\.key\b/g, "--key-pem-file"],
  [/ \(connectTimeoutMs\)/g, ""],
  [/\bbaseUrl\b/g, "the URL (--url, ZITADEL_URL)"],
];

/** Translates an error text of the library for the command line: names of options become flags and environment variables. */
export function toCliTerms(text: string): string {
  return translations.reduce((result, [library, cli]) => result.replace(library, cli), text);
}
