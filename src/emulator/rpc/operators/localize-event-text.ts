/** The English texts of aggregates and events. A key without a text here has none on the server either. */
const eventTexts: Readonly<Record<string, string>> = {
  "AggregateTypes.instance": "Instance",
  "AggregateTypes.org": "Organization",
  "AggregateTypes.user": "User",
  "EventTypes.instance.member.added": "Instance member added",
  "EventTypes.instance.policy.login.changed": "Login policy changed",
  "EventTypes.instance.policy.login.idpprovider.added": "Identity Provider added to login policy",
  "EventTypes.instance.policy.login.idpprovider.cascade.removed":
    "Identity Provider cascade removed from login policy",
  "EventTypes.instance.policy.login.idpprovider.removed":
    "Identity Provider removed from login policy",
  "EventTypes.instance.policy.login.multifactor.added": "Multifactor added to login policy",
  "EventTypes.instance.policy.login.multifactor.removed": "Multifactor removed from login policy",
  "EventTypes.instance.policy.login.secondfactor.added": "Second factor added to login policy",
  "EventTypes.instance.policy.login.secondfactor.removed":
    "Second factor removed from login policy",
  "EventTypes.org.added": "Organization added",
  "EventTypes.org.domain.added": "Domain added",
  "EventTypes.org.domain.primary.set": "Primary domain set",
  "EventTypes.org.domain.verified": "Domain verified",
  "EventTypes.org.idp.config.added": "IDP configuration added",
  "EventTypes.org.idp.config.changed": "IDP configuration changed",
  "EventTypes.org.idp.config.deactivated": "IDP configuration deactivated",
  "EventTypes.org.idp.config.reactivated": "IDP configuration reactivated",
  "EventTypes.org.idp.config.removed": "IDP configuration removed",
  "EventTypes.org.idp.jwt.config.added": "JWT IDP configuration added",
  "EventTypes.org.idp.jwt.config.changed": "JWT IDP configuration changed",
  "EventTypes.org.idp.oidc.config.added": "OIDC IDP configuration added",
  "EventTypes.org.idp.oidc.config.changed": "OIDC IDP configuration changed",
  "EventTypes.org.member.added": "Organization member added",
  "EventTypes.org.policy.login.added": "Login Policy added",
  "EventTypes.org.policy.login.changed": "Login Policy changed",
  "EventTypes.org.policy.login.idpprovider.added": "Identity Provider added to Login Policy",
  "EventTypes.org.policy.login.idpprovider.cascade.removed":
    "Identity Provider cascade removed from Login Policy",
  "EventTypes.org.policy.login.idpprovider.removed": "Identity Provider removed from Login Policy",
  "EventTypes.org.policy.login.multifactor.added": "Multi-factor added to Login Policy",
  "EventTypes.org.policy.login.multifactor.removed": "Multi-factor removed from Login Policy",
  "EventTypes.org.policy.login.removed": "Login Policy removed",
  "EventTypes.org.policy.login.secondfactor.added": "Second factor added to Login Policy",
  "EventTypes.org.policy.login.secondfactor.removed": "Second factor removed from Login Policy",
  "EventTypes.user.machine.added": "Technical user added",
};

/** Returns a key with its text. Without a text, the server sends the key in its place. */
export function localizeEventText(key: string): { key: string; localizedMessage: string } {
  return { key, localizedMessage: eventTexts[key] ?? key };
}
