import type { Provider } from "../../../gen/zitadel/idp_pb.js";
import type { LoginPolicy } from "../../../gen/zitadel/policy_pb.js";

/** A provider as reads of the provider API return it, with the data that only the write side keeps. */
export interface StoredProvider {
  readonly view: Provider;
  /** True if a request ever set the SAML name id format. The server distinguishes the default from a set value. */
  isNameIdFormatSet?: boolean;
  /** The certificate of a SAML provider. */
  certificate?: ServiceProviderCertificate;
}

/** The certificate of a SAML provider, in base64 of its DER form. */
export interface ServiceProviderCertificate {
  /** The certificate, once it was read. */
  readonly created: Promise<string> | undefined;
  /** Returns the certificate. Its key pair is created on the first call: that is slow, and most tests never read it. */
  read(): Promise<string>;
}

/** A login policy. Its links are separate, because the write side keeps the links of deleted providers. */
export interface StoredLoginPolicy {
  readonly view: LoginPolicy;
  /** The ids of the linked providers, in the order of linking. */
  readonly links: Set<string>;
}
