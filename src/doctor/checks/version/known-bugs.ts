import type { CheckedProvider } from "../../checked-provider.js";
import type { Severity } from "../../../lint/finding.js";
import type { FixChange } from "../../../lint/fixable-finding.js";
import type { Release } from "./release.js";

/** A range of releases that have a bug. */
interface AffectedReleases {
  /** The first release with the bug. Undefined if all earlier releases have the bug. */
  readonly from?: Release;
  /** The first release without the bug. */
  readonly fixedIn?: Release;
  /**
   * The last release that is known to have the bug, if no release is known to fix it. The report of the bug may name a later fix.
   */
  readonly seenIn?: Release;
}

/** A bug of ZITADEL that affects some configurations. */
export interface KnownBug {
  /** The name of the check. */
  readonly check: string;
  /** The report of the bug, or the advisory. */
  readonly report: string;
  readonly affected: readonly AffectedReleases[];
  readonly severity: Severity;
  readonly field?: string;
  /** Returns true if the bug affects a provider. */
  readonly affects: (provider: CheckedProvider) => boolean;
  /** The effect on the provider. */
  readonly message: string;
  /** The fix apart from an upgrade. */
  readonly workaround: string;
  /** The change of a field that the workaround describes. */
  readonly change?: FixChange;
}

const toIssueUrl = (number: number): string =>
  `https://github.com/zitadel/zitadel/issues/${number}`;
const toAdvisoryUrl = (id: string): string =>
  `https://github.com/zitadel/zitadel/security/advisories/GHSA-${id}`;

const hasStartTls = ({ type, fields }: CheckedProvider): boolean =>
  type === "ldap" && fields["startTls"] === true && listServers(fields).some(isPlain);
const hasRootCa = ({ fields }: CheckedProvider): boolean => (fields["rootCa"] ?? "") !== "";
const isPlain = (server: string): boolean => /^ldap:/i.test(server);
const listServers = (fields: CheckedProvider["fields"]): readonly string[] =>
  (fields["servers"] ?? []) as readonly string[];
const readAutoLinking = ({ fields }: CheckedProvider): string =>
  (fields["options"] as { readonly autoLinking?: string } | undefined)?.autoLinking ??
  "unspecified";
const isLegacy = ({ type }: CheckedProvider): boolean =>
  type === "legacyOidc" || type === "legacyJwt" || type === "unknown";

/** The attributes of Active Directory whose values are bytes. */
const binaryAttributes: ReadonlySet<string> = new Set(["objectguid", "objectsid", "sidhistory"]);

/** Known bugs of ZITADEL that hit the configuration of a provider, with their public reports. */
export const knownBugs: readonly KnownBug[] = [
  {
    check: "version/ldap-root-ca-not-updated",
    report: toIssueUrl(12364),
    affected: [{ seenIn: [4, 15, 3] }],
    severity: "risk",
    field: "rootCa",
    affects: (provider) => provider.type === "ldap" && hasRootCa(provider) && provider.isUpdated,
    message:
      "the sign-in of login version 2 uses the rootCa with which the provider was created, and ignores that of updates, although reads return it",
    workaround:
      "configure the container of ZITADEL to trust the authority (SSL_CERT_FILE), or delete the provider and create it again, which loses its links to users",
  },
  {
    check: "version/ldap-start-tls-port",
    report: "https://github.com/zitadel/zitadel/pull/12444",
    affected: [{ seenIn: [4, 15, 3] }],
    severity: "broken",
    field: "servers",
    affects: (provider) =>
      hasStartTls(provider) &&
      listServers(provider.fields).some((server) => isPlain(server) && /:\d+(?:\/|$)/.test(server)),
    message:
      "with StartTLS, ZITADEL compares the certificate with the host name and the port of the URL, and rejects it",
    workaround: "leave the port 389 out of the URL, or use an ldaps: URL in servers",
    change: { field: "servers" },
  },
  {
    check: "version/ldap-filter-injection",
    report: toAdvisoryUrl("rxvx-hhpj-q6px"),
    affected: [{ fixedIn: [3, 4, 10] }, { from: [4, 0, 0], fixedIn: [4, 15, 0] }],
    severity: "risk",
    affects: ({ type }) => type === "ldap",
    message:
      "ZITADEL puts the user name into the LDAP filter as it is (CVE-2026-44671): strangers can find out user names and attributes",
    workaround:
      "give the bind account access only to the entries and attributes that sign-in needs",
  },
  {
    check: "version/ldap-binary-attribute",
    report: toIssueUrl(12478),
    affected: [{ from: [4, 0, 0], seenIn: [4, 10, 1] }],
    severity: "risk",
    field: "attributes",
    affects: ({ type, fields }) =>
      type === "ldap" &&
      Object.values((fields["attributes"] ?? {}) as Readonly<Record<string, string>>).some((each) =>
        binaryAttributes.has(each.toLowerCase()),
      ),
    message:
      "the sign-in of login version 2 fails for users with an attribute whose bytes contain a zero, as those of objectGUID, objectSid and sIDHistory can",
    workaround: "map attributes with text, such as userPrincipalName",
    change: { field: "attributes" },
  },
  {
    check: "version/ldap-settings-unprotected",
    report: toAdvisoryUrl("f3gh-529w-v32x"),
    affected: [
      { fixedIn: [2, 63, 8] },
      { from: [2, 64, 0], fixedIn: [2, 64, 5] },
      { from: [2, 65, 0], fixedIn: [2, 65, 6] },
      { from: [2, 66, 0], fixedIn: [2, 66, 11] },
    ],
    severity: "risk",
    affects: ({ type }) => type === "ldap",
    message:
      "every user with an account can change LDAP providers of the instance (CVE-2025-27507), and so read the passwords of all users",
    workaround: "upgrade at once",
  },
  {
    check: "version/jwt-audience-unchecked",
    report: toAdvisoryUrl("g5h5-m4hm-xjrr"),
    affected: [
      { from: [3, 0, 0], fixedIn: [3, 4, 12] },
      { from: [4, 0, 0], fixedIn: [4, 15, 2] },
    ],
    severity: "risk",
    affects: ({ type }) => type === "jwt",
    message:
      "ZITADEL does not check for whom a token was issued (CVE-2026-55669): a token for another service of the same issuer signs its user in",
    workaround:
      "use an issuer that issues tokens for ZITADEL only; after the upgrade, set audience",
  },
  {
    check: "version/jwt-lifetime-unchecked",
    report: toAdvisoryUrl("wxg7-w2v3-w38g"),
    affected: [
      { from: [3, 0, 0], fixedIn: [3, 4, 12] },
      { from: [4, 0, 0], fixedIn: [4, 15, 2] },
    ],
    severity: "risk",
    affects: ({ type }) => type === "jwt",
    message: "ZITADEL accepts tokens without exp and iat, which then never expire",
    workaround: "configure the issuer to put exp and iat into every token",
  },
  {
    check: "version/auto-linking-unverified",
    report: toAdvisoryUrl("992q-9gwp-7r79"),
    affected: [{ fixedIn: [4, 15, 3] }],
    severity: "risk",
    field: "options.autoLinking",
    affects: (provider) => readAutoLinking(provider) === "email",
    message:
      "autoLinking by email links an account although the provider did not verify the address (CVE-2026-56666): whoever can set that address at the provider takes the account over",
    workaround: "set options.autoLinking to username or unspecified",
    change: { field: "options.autoLinking" },
  },
  {
    check: "version/auto-linking-inactive",
    report: toAdvisoryUrl("j4g7-v4m4-77px"),
    affected: [{ fixedIn: [2, 71, 19] }, { from: [3, 0, 0], fixedIn: [3, 4, 4] }],
    severity: "risk",
    field: "options.autoLinking",
    affects: (provider) =>
      readAutoLinking(provider) !== "unspecified" &&
      provider.isOffered === false &&
      !isLegacy(provider),
    message:
      "autoLinking works although the login page does not offer the provider (CVE-2025-64717): its users can still take accounts over",
    workaround: "set options.autoLinking to unspecified, or delete the provider",
    change: { field: "options.autoLinking" },
  },
  {
    check: "version/intent-reusable",
    report: toAdvisoryUrl("g4r8-mp7g-85fq"),
    affected: [{ fixedIn: [2, 70, 10] }, { from: [2, 71, 0], fixedIn: [2, 71, 9] }],
    severity: "risk",
    affects: (provider) => !isLegacy(provider),
    message:
      "the id and token of a sign-in by the session API can be used again (CVE-2025-46815): whoever sees them signs in as that user",
    workaround: "upgrade, and keep the URLs with id and token out of logs",
  },
  {
    check: "version/pkce-not-sent",
    report: toIssueUrl(12036),
    affected: [{ from: [4, 0, 0], seenIn: [4, 13, 1] }],
    severity: "risk",
    field: "usePkce",
    affects: ({ type, fields }) =>
      (type === "oauth" || type === "oidc") && fields["usePkce"] === true,
    message:
      "login version 2 does not send the code challenge of PKCE: a provider that requires it rejects the request",
    workaround:
      "use login version 1 for this provider, or turn off the PKCE requirement at the provider",
  },
  {
    check: "version/saml-signature-algorithm",
    report: toIssueUrl(10792),
    affected: [{ from: [4, 0, 0], seenIn: [4, 2, 2] }],
    severity: "risk",
    field: "signatureAlgorithm",
    affects: ({ type, fields }) =>
      type === "saml" &&
      fields["withSignedRequest"] === true &&
      ["rsa-sha256", "rsa-sha512"].includes(String(fields["signatureAlgorithm"])),
    message:
      "login version 1 signs requests with RSA-SHA1 despite signatureAlgorithm, and providers that forbid SHA-1 reject them",
    workaround: "upgrade: https://github.com/zitadel/zitadel/pull/10795 has the fix",
  },
  {
    check: "version/saml-logout-not-sent",
    report: toIssueUrl(12486),
    affected: [{ from: [3, 3, 0], seenIn: [4, 15, 3] }],
    severity: "risk",
    field: "federatedLogoutEnabled",
    affects: ({ type, fields }) => type === "saml" && fields["federatedLogoutEnabled"] === true,
    message:
      "federated logout has no effect with login version 2: users stay signed in at the provider",
    workaround: "use login version 1, or tell users to log out at the provider",
  },
];
