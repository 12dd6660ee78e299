/** The minimum length of a strong RSA key, in bits (NIST SP 800-131A, RFC 7518). */
export const minStrongRsaBits = 2048;
