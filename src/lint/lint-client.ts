import type { ProviderType } from "../providers/model/provider.js";
import { trim } from "../utils/trim.js";
import { reportIf } from "./report-if.js";
import { type LintRule, readText, type RuleFinding } from "./lint-rule.js";

/** The forms of client ids and secrets of one provider, which tell them apart. */
interface ClientForms {
  readonly id?: RegExp;
  readonly secret?: RegExp;
}

const githubForms: ClientForms = {
  id: /^(?:Iv1\.[0-9a-f]{16}|(?:Iv|Ov)23[0-9A-Za-z]{16}|[0-9a-f]{20})$/,
  secret: /^[0-9a-f]{40}$/,
};
const gitlabForms: ClientForms = { secret: /^gloas-/ };

const forms: Readonly<Partial<Record<ProviderType, ClientForms>>> = {
  azureAd: {
    id: /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
    secret: /^[\w.~-]{3}\dQ~[\w.~-]{31,}$/,
  },
  github: githubForms,
  githubEs: githubForms,
  gitlab: gitlabForms,
  gitlabSelfHosted: gitlabForms,
  google: { id: /\.apps\.googleusercontent\.com$/, secret: /^GOCSPX-/ },
};

/** The types whose provider issues client ids that are neither URLs nor email addresses. */
const issuingTypes: ReadonlySet<ProviderType> = new Set([
  "apple",
  "azureAd",
  "github",
  "gitlab",
  "google",
]);

/** The name of a variable for a secret, and texts that name a file, another variable or a page instead of a secret. */
const variableName = /^[A-Z][A-Z0-9]*_(?:[A-Z0-9]+_)*(?:SECRET|PASSWORD|PASS|PW|KEY|TOKEN)$/;
const fileName =
  /^(?:\.{1,2}\/|~\/|\/(?:run|etc|var|home|secrets|opt|tmp)\/|file:|[A-Za-z]:\\)|^[\w-]+\.(?:txt|pem|key|p8|env|json|ya?ml)$/;

/** Checks the client id and secrets for values of another kind. Messages never repeat a value. */
export const lintClient: LintRule = (subject) => [
  ...lintClientId(subject),
  ...lintSecretText(readText(subject.values, "clientSecret"), "clientSecret"),
  ...lintSecretText(readText(subject.values, "bindPassword"), "bindPassword"),
];

const lintClientId: LintRule = ({ type, values }) => {
  const id = trim(readText(values, "clientId"));
  const secret = readText(values, "clientSecret");
  const { id: idForm, secret: secretForm } = forms[type] ?? {};
  const isSwapped =
    secretForm?.test(id) === true || (idForm?.test(secret) === true && !idForm.test(id));
  const isOther = issuingTypes.has(type) && /^[a-z]+:\/\/|^[^@\s]+@[^@\s]+\.[a-z]{2,}$/i.test(id);
  return [
    ...reportIf(isSwapped, {
      severity: "broken",
      check: "client/swapped",
      path: ["clientId"],
      message: "clientId and clientSecret are in each other's fields, by their form",
      fix: "exchange the values of clientId and clientSecret",
      change: { field: "clientId" },
    }),
    ...reportIf(isOther, {
      severity: "broken",
      check: "client/wrong-kind",
      path: ["clientId"],
      message: "the client id is a URL or an email address, and this provider issues no such ids",
      fix: "copy the client id from the application at the provider",
      change: { field: "clientId" },
    }),
    ...reportIf(id !== "" && id === secret, {
      severity: "risk",
      check: "client/same-values",
      path: ["clientSecret"],
      message: "the client secret is the client id, which everybody can see at sign-in",
      fix: "copy the client secret from the provider, or create a new one",
      change: { field: "clientSecret" },
    }),
  ];
};

function lintSecretText(text: string, field: "bindPassword" | "clientSecret"): RuleFinding[] {
  const kind = variableName.test(text)
    ? "the name of an environment variable"
    : fileName.test(text)
      ? "the name of a file"
      : /^https?:\/\//i.test(text)
        ? "a URL"
        : text.includes("-----BEGIN ")
          ? "a key or a certificate"
          : undefined;
  return kind === undefined
    ? []
    : [
        {
          // People choose passwords, and may choose such a text.
          severity: field === "bindPassword" ? "risk" : "broken",
          check: "secret/wrong-kind",
          path: [field],
          message: `the value has the form of ${kind}, and is sent as the secret itself`,
          fix: `give the secret itself, or a reference to it: ${field}: { env: NAME } or { file: PATH }`,
          change: { field },
        },
      ];
}
