import type { Message } from "../utils/message.js";
import { advice } from "../zitadel/advice-phrases.js";
import { phrase } from "../zitadel/option-phrases.js";
import { harmlessClockDifferenceMs } from "../utils/harmless-clock-difference-ms.js";
import { joinWithOr } from "../utils/join-with-or.js";
import { optionText } from "../utils/option-text.js";
import { apiScope } from "../zitadel/api-scope.js";
import { permissions } from "../../gen/permissions.js";
import type { TokenFacts } from "./describe-token.js";
import { describeHost, type HintFacts, type HintRule } from "./hint-rule.js";
import { listRolesThatGrant } from "./roles-that-grant.js";

/** Hints for ZITADEL's own rejections that most callers meet first: of the token, the organization, the role, and limits. */
export const rejectionHints: readonly HintRule[] = [
  { when: ({ text }) => text === "auth header missing", hint: explainMissingToken },
  { when: hasId("AUTH-toLo1"), hint: explainMalformedHeader },
  { when: hasId("AUTH-7fs1e"), hint: explainInvalidToken },
  { when: hasId("AUTH-5mWD2"), hint: explainMissingRole },
  { when: hasId("AUTHZ-cdgFk"), hint: explainNoRole },
  {
    when: hasId("AUTH-Bs7Ds"),
    hint: ({ orgId }) =>
      optionText`the instance has no organization with the id ${orgId ?? "in x-zitadel-orgid"}: ${advice.orgId} takes the id of an organization of this instance (not a name or a domain); without ${advice.orgId} the organization of the calling user counts`,
  },
  {
    when: hasId("AUTH-DZG21"),
    hint: () =>
      "the token is for an application that does not list the origin of this page: add the origin to the application in ZITADEL",
  },
  {
    when: hasId("AUTHZ-Kl3p0"),
    hint: () =>
      "the session of this user lacks a factor: sign in again with all factors that the login policy requires, or use the token of a service user",
  },
  {
    when: hasId("LIMITS-molsj"),
    hint: () => "the instance is blocked: its owner or the operator of ZITADEL can lift that",
  },
  {
    when: hasId("QUOTA-vjAy8"),
    hint: () =>
      "the request quota of the instance is used up: wait for its next period, or raise the quota",
  },
  {
    when: ({ text }) => text.startsWith("grpc: received message larger than max"),
    hint: () =>
      "ZITADEL accepts requests of up to 4 MiB: make the request smaller, e.g. pass metadataUrl instead of metadataXml",
  },
];

function hasId(id: string): (facts: HintFacts) => boolean {
  return (facts) => facts.id === id;
}

function explainMissingToken({ token }: HintFacts): string {
  return token === undefined
    ? "the call carried no token: pass one as auth, e.g. the personal access token of a service user, or a token source of zitadel-idp/auth"
    : "the token did not reach ZITADEL: configure the proxies in between to forward the authorization header";
}

function explainMalformedHeader({ token }: HintFacts): string {
  return token === undefined
    ? "the authorization header must consist of the word Bearer, a space, and the token: leave that header out, and pass the token as auth"
    : "the authorization header did not arrive as it was sent: look for a proxy or an interceptor that changes it";
}

/** The advice on tokens that renew themselves. */
const renewingSources =
  "serviceAccount and clientCredentials of zitadel-idp/auth get new ones in time";

function explainInvalidToken(facts: HintFacts): Message {
  const { token, url, instanceHost } = facts;
  if (token === undefined) {
    return "the token in the authorization header is unknown, expired or for something else: leave that header out, and pass a token as auth";
  }
  const active = `it exists, has not expired or been revoked, and that its user is active and belongs to the instance ${instanceHost ?? `at ${describeHost(url)}`}`;
  if (token.kind === "opaque") {
    return `the token looks like a personal access token, or another opaque one, which does not show when it expires: check in ZITADEL that ${active}; a token from the token endpoint must also have been requested with the scope ${apiScope}`;
  }
  return optionText`the token is a JWT${describeJwtProblem(token, facts) ?? ` that ${describeExpiry(token)}: check that ${active}, and that it was requested with the scope ${apiScope}; ${renewingSources}, with that scope`}`;
}

/** Describes a problem that the claims of a JWT reveal. Returns undefined if there is none. */
function describeJwtProblem(
  { expiresAtMs, notBeforeMs, issuer, isAssertion }: TokenFacts,
  { url, instanceHost }: HintFacts,
): Message | undefined {
  const nowMs = Date.now();
  if (isAssertion) {
    return " that its user signed, which is not an access token: pass the key file to serviceAccount of zitadel-idp/auth, which exchanges such a JWT for one";
  }
  if (expiresAtMs !== undefined && expiresAtMs <= nowMs) {
    return ` that expired at ${toIsoTime(expiresAtMs)}: get a new one; ${renewingSources}`;
  }
  if (issuer !== undefined && instanceHost !== undefined) {
    const { protocol, host } = new URL(issuer);
    if (host !== new URL(`${protocol}//${instanceHost}`).host) {
      return optionText` of ${issuer}, and not of ${instanceHost}: use a token of this instance, or put ${host} into ${advice.instanceHost}`;
    }
  } else if (issuer !== undefined && url !== undefined && issuer !== url.origin) {
    return optionText` of ${issuer}, and not of ${url.origin}: use a token of this instance, or put ${issuer} into ${phrase.baseUrl}`;
  }
  if (notBeforeMs !== undefined && notBeforeMs > nowMs + harmlessClockDifferenceMs) {
    return ` that is valid from ${toIsoTime(notBeforeMs)} on only: set the clock of this machine, or of the one that issued it`;
  }
  return undefined;
}

function describeExpiry({ expiresAtMs }: TokenFacts): string {
  return expiresAtMs === undefined
    ? "does not show when it expires"
    : `has not expired (it ends at ${toIsoTime(expiresAtMs)})`;
}

function toIsoTime(ms: number): string {
  return new Date(ms).toISOString();
}

/** Explains the error of a user without any role in the organization, whose text claims that something was not found. */
function explainNoRole(facts: HintFacts): Message {
  const onInstance = isAdmin(facts) ? "" : " and none on the instance";
  const otherOrganization =
    facts.orgId === undefined || isAdmin(facts) ? "" : optionText`, or ${advice.passOrgId}`;
  return optionText`the calling user has no role ${describePlace(facts)}${onInstance}. The code not_found refers to the role: no provider is missing; ${explainMissingRole(facts)}${otherOrganization}`;
}

function explainMissingRole(facts: HintFacts): Message {
  const { rpc = "this RPC" } = facts;
  const permission = permissions[rpc];
  const [, name = rpc] = rpc.split("/");
  if (permission === undefined) {
    return optionText`give the calling user a role that may call ${name} ${describePlace(facts)} or on the instance`;
  }
  const inOrg = listRolesThatGrant(permission, "ORG");
  const onInstance = `${joinWithOr(listRolesThatGrant(permission, "IAM"))} on the instance`;
  return inOrg.length === 0
    ? `${name} needs the permission ${permission}, which roles in an organization do not grant: give the calling user ${onInstance}, or use the ManagementService, which serves one organization`
    : optionText`${name} needs the permission ${permission}: give the calling user ${joinWithOr(inOrg)} ${describePlace(facts)}, or ${onInstance}`;
}

function isAdmin({ rpc }: HintFacts): boolean {
  return rpc?.startsWith("zitadel.admin.") === true;
}

/** Names the place where the user needs a role for the call. */
function describePlace(facts: HintFacts): Message {
  const { orgId } = facts;
  if (isAdmin(facts)) {
    return "on the instance";
  }
  return orgId === undefined
    ? optionText`in the organization of the call, which is its own one unless ${advice.orgId} names another`
    : `in the organization ${orgId}`;
}
