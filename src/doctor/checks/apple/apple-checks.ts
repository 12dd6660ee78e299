import type { CheckDescription } from "../../../lint/finding.js";

/** The checks of Apple providers, whose client secret ZITADEL signs with a private key at each sign-in. */
export const appleChecks: Readonly<Record<string, CheckDescription>> = {
  "apple/private-key": {
    meaning: "The private key cannot sign Apple's client secret: it is not an EC key of P-256.",
    fix: "Use the file AuthKey_….p8 that Apple offers once when the key is created.",
  },
  "apple/key-id": {
    meaning: "The key id does not have the form of Apple's key ids, or it is the team id.",
    fix: "Copy the key id from the list of keys in Apple's developer account.",
  },
  "apple/team-id": {
    meaning: "The team id does not have the form of Apple's team ids.",
    fix: "Copy the team id from the membership details of Apple's developer account.",
  },
  "apple/client-id": {
    meaning:
      "The client id is not a Services ID, such as `com.example.login`: it has no dot, or it begins with the team id as App IDs do.",
    fix: "Use the identifier of a Services ID.",
  },
  "apple/rejected": {
    meaning:
      "Apple rejects the client secret that ZITADEL makes from key, key id, team id and client id.",
    fix: "Compare all four with Apple's developer account.",
  },
  "apple/accepted": {
    meaning:
      "Apple accepts the client secret that ZITADEL makes from key, key id, team id and client id.",
    fix: "Nothing to do.",
  },
  "apple/unknown": {
    meaning: "The private key is unknown, because ZITADEL never returns it.",
    fix: "Run the doctor with a provider file that has the key.",
  },
  "apple/unchecked": {
    meaning: "The client secret could not be checked with Apple.",
    fix: "Resolve the reason in the message.",
  },
};
