import type { CheckContext, NewFinding } from "../../check-context.js";
import type { CheckedProvider } from "../../checked-provider.js";
import { describeUpdate } from "../../describe-update.js";
import { changeableUserAttributes } from "../../../lint/changeable-user-attributes.js";
import { knownIdAttributes } from "./id-attributes.js";

/** Checks that the id attribute can identify users. ZITADEL reads the attribute with exactly this name from the top of the profile. */
export async function checkIdAttribute(
  provider: CheckedProvider,
  { report }: CheckContext,
): Promise<void> {
  const problem = findProblem(provider);
  if (problem !== undefined) {
    report({ check: "oauth/id-attribute", field: "idAttribute", ...problem });
  }
}

type Problem = Pick<NewFinding, "severity" | "message" | "fix">;

function findProblem(provider: CheckedProvider): Problem | undefined {
  const attribute = String(provider.fields["idAttribute"]);
  const quoted = JSON.stringify(attribute);
  const known = findKnownAttribute(String(provider.fields["userEndpoint"]));
  if (known !== undefined && known !== attribute && !isChangeable(attribute)) {
    return {
      severity: "broken",
      message: `the profiles of this user endpoint have no stable id named ${quoted}, but have one named "${known}", so nobody can sign in`,
      fix: describeUpdate(provider, "idAttribute", known),
    };
  }
  if (isPath(attribute)) {
    return {
      severity: "broken",
      message: `${quoted} is a path, but ZITADEL does not follow paths into a profile, so it finds no user`,
      fix: `name an attribute at the top of the profile: ${describeUpdate(provider, "idAttribute", "sub")}`,
    };
  }
  if (attribute !== "sub" && attribute.toLowerCase() === "sub") {
    return {
      severity: "broken",
      message: `the names of attributes are case-sensitive: profiles have "sub", not ${quoted}, so ZITADEL finds no user`,
      fix: describeUpdate(provider, "idAttribute", "sub"),
    };
  }
  return isChangeable(attribute)
    ? {
        severity: "risk",
        message: `${quoted} can change or be given to another person, who then gets the account of the first person`,
        fix: `use an attribute that never changes: ${describeUpdate(provider, "idAttribute", known ?? "sub")}`,
      }
    : undefined;
}

function findKnownAttribute(url: string): string | undefined {
  const { hostname = "", pathname = "" } = URL.canParse(url) ? new URL(url) : {};
  return knownIdAttributes.find(({ host, path }) => host === hostname && pathname.endsWith(path))
    ?.attribute;
}

/** Returns true for a path such as `data.id`, `$.id` or `users[0]`. A URL is not a path, but the name of a claim. */
function isPath(attribute: string): boolean {
  return (
    !URL.canParse(attribute) &&
    (attribute.startsWith("$") ||
      attribute.startsWith("/") ||
      attribute.includes("[") ||
      attribute.includes("."))
  );
}

function isChangeable(attribute: string): boolean {
  const plain = attribute.toLowerCase().replaceAll("_", "").replaceAll("-", "");
  return changeableUserAttributes.has(plain);
}
