import type { ProviderType } from "../providers/model/provider.js";
import { trim } from "../utils/trim.js";
import { reportIf } from "./report-if.js";
import { type LintRule, readText, type RuleFinding } from "./lint-rule.js";
import { guid } from "../utils/guid.js";

/** The forms by which the client ids and client secrets of one provider can be told apart. */
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
    id: guid,
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

/** The usual names of environment variables with secrets. */
const variableName = /^[A-Z][A-Z0-9]*_(?:[A-Z0-9]+_)*(?:SECRET|PASSWORD|PASS|PW|KEY|TOKEN)$/;
/** Paths and file names. */
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
  const isUrlOrEmail =
    issuingTypes.has(type) && /^[a-z]+:\/\/|^[^@\s]+@[^@\s]+\.[a-z]{2,}$/i.test(id);
  return [
    ...reportIf(isSwapped, {
      severity: "broken",
      check: "client/swapped",
      path: ["clientId"],
      message:
        "clientId has the form of a client secret, or clientSecret that of a client id: they are in each other's fields",
      fix: "swap the values of clientId and clientSecret",
      change: { field: "clientId" },
    }),
    ...reportIf(isUrlOrEmail, {
      severity: "broken",
      check: "client/wrong-kind",
      path: ["clientId"],
      message: "the client id is a URL or an email address, but this provider issues other ids",
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

/** Returns the kind of text that was given in place of a secret. Undefined for a text that may be a secret. */
function findOtherKind(text: string): string | undefined {
  if (variableName.test(text)) {
    return "the name of an environment variable";
  }
  if (fileName.test(text)) {
    return "the name of a file";
  }
  if (/^https?:\/\//i.test(text)) {
    return "a URL";
  }
  return text.includes("-----BEGIN ") ? "a key or a certificate" : undefined;
}

function lintSecretText(text: string, field: "bindPassword" | "clientSecret"): RuleFinding[] {
  const kind = findOtherKind(text);
  return kind === undefined
    ? []
    : [
        {
          // A person may have chosen such a text as the password.
          severity: field === "bindPassword" ? "risk" : "broken",
          check: "secret/wrong-kind",
          path: [field],
          message: `the value has the form of ${kind}, and is sent as the secret itself`,
          fix: `give the secret itself, or a reference to it: ${field}: { env: NAME } or { file: PATH }`,
          change: { field },
        },
      ];
}
