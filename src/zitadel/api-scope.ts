/** The scope that makes a token of the token endpoint valid for ZITADEL's own APIs. */
export const apiScope = "urn:zitadel:iam:org:project:id:zitadel:aud";
