// Turns the comments of fields in proto/, which are for callers of the API, into help for people who fill in a form or write a file.
// Fails if help has words that only a caller of the API knows, and if a rewrite below is no longer needed.

/** The texts of comments that help has in other words, or leaves out. */
const rewrites = [
  [", not only white space; the server trims it.", "."],
  ["Write-only: no read returns it.", "Nobody can read it later."],
  ["Not a secret: reads return it.", "Not a secret: administrators can read it later."],
  [
    "Before a user signs in, ZITADEL checks neither that it is a URL nor that it is reachable.",
    "ZITADEL notices a mistake only when a user signs in.",
  ],
  [", and reads still return the empty name.", "."],
  ["; the server neither stores nor returns this default.", "."],
  [" A number that the enum does not define is stored as unspecified.", ""],
  [" The server keeps the order.", ""],
  ["Only instance-level providers use them.", "Only for providers of the instance."],
  ["; anything else fails with `invalid_argument` INST-Fk38d.", "."],
  [
    "If it has no certificate that can be parsed, the call fails with `invalid_argument` INST-cwqVVdBwKt (from both services).",
    "Needs at least one valid certificate.",
  ],
  [
    "Must parse as an `EntityDescriptor`, or as an `EntitiesDescriptor`",
    "An `EntityDescriptor`, or an `EntitiesDescriptor`",
  ],
  ["; otherwise the call fails with `invalid_argument` INST-SF3rwhgh.", "."],
  [
    "The server fetches it once, while it handles this call, and stores only the XML. No read returns the URL. If the fetch fails, the call fails with `invalid_argument` INST-8vam1khq22; by default the server rejects loopback, private and link-local addresses.",
    "ZITADEL loads the metadata once, when you save, and does not keep the URL. By default, it loads nothing from private addresses.",
  ],
  [
    "If left out: `SAML_NAME_ID_FORMAT_PERSISTENT`. An explicit unspecified is stored as such.",
    "Default: persistent.",
  ],
  ["If left out: `AZURE_AD_TENANT_TYPE_COMMON`. `common`,", "`common` (the default),"],
  [
    "Zero or a value left out is not stored; 60 seconds then apply at sign-in. The server stores negative values, and limits values beyond about 292 years to that maximum.",
    "If empty, 60 seconds.",
  ],
  [
    "Seconds in ProtoJSON form, e.g. `10s` or `1.5s`.",
    "In seconds with an s, e.g. `10s` or `1.5s`.",
  ],
  [
    "UTF-8 text, or `base64:` and other bytes in base64.",
    'Binary content: "base64:" and its base64.',
  ],
];

/** Matches words of the API, which help must not have: ids of errors, codes, enum values, and the terms of protobuf. */
const jargon =
  /\b[A-Z]{2,}-\w{5,}|\b[A-Z]+_[A-Z_]+\b|\b[a-z]+_[a-z_]+\b|\b(?:proto\w*|enum|rpc|grpc|the server|this call|the call|unspecified|write-only|reads?\b.*\breturns?)\b/i;

/** The texts in `rewrites` that a comment has. */
const usedTexts = new Set();

/** Returns the help of a field, from its comment. */
export function toHelp(comment) {
  let help = comment.replaceAll("\n", " ");
  for (const [text, replacement] of rewrites) {
    if (help.includes(text)) {
      usedTexts.add(text);
      help = help.replaceAll(text, replacement);
    }
  }
  help = help
    .replace(/^True if (\w)/, (_, first) => first.toUpperCase())
    .replaceAll("`", "")
    .replace("(IAM_...)", "(IAM_…)");
  const [word] = jargon.exec(help.replace("(IAM_…)", "")) ?? [];
  if (word !== undefined) {
    throw new Error(
      `the help ${JSON.stringify(help)} has ${word}: add a text to provider-help.mjs`,
    );
  }
  return help;
}

/** Throws if a rewrite is not needed. Must be called after `toHelp` for all fields. */
export function checkRewrites() {
  const unused = rewrites.map(([text]) => text).filter((text) => !usedTexts.has(text));
  if (unused.length > 0) {
    const texts = unused.map((text) => JSON.stringify(text)).join(", ");
    throw new Error(`no comment has ${texts}: remove the text from provider-help.mjs`);
  }
}
