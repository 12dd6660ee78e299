/**
 * The recordings that tests replay, with the number of steps that are compared. Each test fails if it compares another number, and
 * `recordings.test.ts` fails if a recording has another number of steps or is missing here.
 */
type StepCounts = Readonly<Record<string, number>>;

/** The recordings of RPCs, compared on each wire protocol in `replay.test.ts`. */
export const rpcRecordings: StepCounts = {
  "auth-context": 34,
  "auth-header": 39,
  "auth-language": 40,
  "auth-roles": 91,
  "interplay-legacy-org": 66,
  "interplay-lifetimes-a": 13,
  "interplay-nul-org": 27,
  "interplay-redirect-uri-a": 30,
  "interplay-root-ca-org": 26,
  "legacy-org": 94,
  links: 28,
  "lists-legacy-org": 19,
  "lists-providers-org": 95,
  "login-policy-org": 75,
  "migrate-org": 28,
  "operator-events": 12,
  "operator-factors-org": 25,
  "operator-organizations": 12,
  "operator-whoami": 62,
  "template-apple-org": 39,
  "template-azure-org": 39,
  "template-github-org": 39,
  "template-github_es-instance": 40,
  "template-github_es-org": 39,
  "template-gitlab-instance": 40,
  "template-gitlab_self_hosted-org": 39,
  "template-google-instance": 40,
  "template-jwt-org": 37,
  "template-ldap-instance": 40,
  "template-ldap-org": 39,
  "template-oauth-instance": 40,
  "template-oauth-org": 39,
  "template-oidc-instance": 40,
  "template-oidc-org": 39,
  "template-saml-instance": 42,
  "template-saml-org": 41,
  "template-zitadel-instance": 40,
  "template-zitadel-org": 39,
  "validation-ldap-org": 111,
  "validation-legacy-instance": 18,
  "validation-oauth-org": 64,
  "validation-oidc-org": 40,
  "validation-others": 130,
};

/** The recordings of HTTP requests, in `replay-transport.test.ts`. */
export const transportRecordings: StepCounts = {
  "transport-connect-v2": 26,
  "transport-cors": 65,
  "transport-grpc": 52,
  "transport-grpc-web": 33,
  "transport-rest-body": 106,
  "transport-rest-routing": 69,
};

type NamedStepRecording = "saml-url" | "secret-kept" | "token-endpoint";

/** The recordings of which a test knows how to repeat each step by its name. */
export const namedStepRecordings: Readonly<Record<NamedStepRecording, number>> = {
  /** In `replay-saml-url.test.ts`. */
  "saml-url": 21,
  /** In `replay-secret-kept.test.ts`. */
  "secret-kept": 41,
  /** In `oauth-recorded.test.ts`. */
  "token-endpoint": 46,
};

/** The recordings that count answers in rows. Their tests compare each row by a rule, because no replay can repeat a number. */
export const rowRecordings: StepCounts = {
  /** In `replay-deadlines.test.ts`. */
  deadlines: 78,
  /** In `replay-deadlines.test.ts`, and for the client in `test/policy/recorded-deadlines.test.ts`. */
  "deadline-writes": 31,
  /** In `replay-visibility.test.ts`. */
  visibility: 24,
};

/** The files that have nothing to replay, with the reason. */
export const filesNotReplayed: Readonly<Record<string, string>> = {
  durations: "it has only the times that calls took on the recorded machine",
  errors: "it has no responses but the errors that tests of error texts need",
  "http2-settings": "it has settings of connections, which http2-settings.test.ts compares",
};
