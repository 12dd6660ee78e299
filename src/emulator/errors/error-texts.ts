/**
 * The texts of errors by language and key.
 *
 * A key without a text here has none on the server either, and the server sends the key itself. Languages other than English have
 * only the texts that a real server is known to send.
 */
export const errorTexts: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  en: {
    "Errors.IDPConfig.NotExisting": "Identity Provider Configuration doesn't exist",
    "Errors.IDPConfig.AlreadyExists": "IDP Configuration with this name already exists",
    "Errors.IDMissing": "ID missing",
    "Errors.IDP.ClientIDMissing": "ClientID missing",
    "Errors.IDP.TeamIDMissing": "TeamID missing",
    "Errors.IDP.KeyIDMissing": "KeyID missing",
    "Errors.IDP.PrivateKeyMissing": "Private Key missing",
    "Errors.IDP.InvalidPrivateKey": "Invalid Private Key format",
    "Errors.Project.App.SAMLMetadataMissing": "SAML metadata is missing",
    "Errors.Project.App.SAMLMetadataFormat": "SAML Metadata format error",
    "Errors.Org.LoginPolicy.NotFound": "Login Policy not found",
    "Errors.Org.LoginPolicy.AlreadyExists": "Login Policy already exists",
    "Errors.Org.LoginPolicy.RedirectURIInvalid": "Default Redirect URI is invalid",
    "Errors.Org.LoginPolicy.MFA.Unspecified": "Multifactor invalid",
    "Errors.Org.LoginPolicy.MFA.AlreadyExists": "Multifactor already exists",
    "Errors.Org.LoginPolicy.MFA.NotExisting": "Multifactor not existing",
    "Errors.Org.NotFound": "Organisation not found",
    "Errors.Instance.LoginPolicy.NotFound": "Default Login Policy not found",
    "Errors.Instance.LoginPolicy.NotChanged": "Default Login Policy has not been changed",
    "Errors.Instance.LoginPolicy.RedirectURIInvalid": "Default Redirect URI is invalid",
    "Errors.Instance.LoginPolicy.IDP.AlreadyExists": "Identity provider already exists",
    "Errors.Instance.LoginPolicy.IDP.NotExisting": "Identity provider doesn't exist",
    "Errors.Instance.LoginPolicy.MFA.NotExisting": "Multifactor not existing",
    "Errors.User.ExternalIDP.NotFound": "External IDP not found",
    "Errors.Query.InvalidRequest": "Request is invalid",
    "Errors.Internal": "An internal error occurred",
  },
  de: { "Errors.IDPConfig.NotExisting": "Identitätsprovider Konfiguration existiert nicht" },
  fr: { "Errors.IDPConfig.NotExisting": "La configuration du fournisseur d'identité n'existe pas" },
  ru: {
    "Errors.IDPConfig.NotExisting":
      "Конфигурация поставщика идентификационных данных не существует",
  },
  zh: { "Errors.IDPConfig.NotExisting": "身份提供者配置不存在" },
};

/** The languages that the server has texts in. Requests for other languages get the default language of the instance. */
export const supportedLanguages: readonly string[] =
  "ar bg cs de en es fr hu id it ja ko mk nl pl pt ro ru sv tr uk zh".split(" ");

/** Returns the language for an `accept-language` header. Only the first language in the header counts. */
export function readLanguage(header: string | undefined, fallback: string): string {
  const [firstTag = ""] = (header ?? "").split(/[,;]/);
  const [language = ""] = firstTag.trim().toLowerCase().split("-");
  return supportedLanguages.includes(language) ? language : fallback;
}
