import { findMetadataProblem } from "../../../formats/saml-metadata.js";
import type { ProviderProblem } from "../../provider-error.js";
import { textToBytes } from "../bytes-text.js";
import type { FieldValues } from "../field-specs.js";
import type { SettingsPurpose } from "./settings-purpose.js";

/** Returns the problem of a SAML provider without exactly one of `metadataXml` and `metadataUrl`. */
export function findSamlProblems(
  { metadataXml, metadataUrl }: FieldValues,
  purpose: SettingsPurpose,
): ProviderProblem[] {
  const count = [metadataXml, metadataUrl].filter((each) => each !== undefined).length;
  return count === 1 || (count === 0 && purpose === "patch")
    ? []
    : [
        {
          path: [count === 2 ? "metadataUrl" : "metadataXml"],
          message: "exactly one of metadataXml and metadataUrl is required",
        },
      ];
}

/** Returns the problem of the metadata of a SAML provider. */
export function checkMetadataXml(text: string): string | undefined {
  return /^\s*https?:\/\/\S+\s*$/.test(text)
    ? "is a URL: give it as metadataUrl, and ZITADEL fetches the metadata from it"
    : findMetadataProblem(textToBytes(text));
}
