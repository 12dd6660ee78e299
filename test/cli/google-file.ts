/** A provider file with one provider, which is to be on the login page. */
export const googleFile = `organization:
  providers:
    - type: google
      name: Google
      clientId: g
      clientSecret: "\${SECRET}"
      options: { isLinkingAllowed: true }
      active: true
  createLoginPolicy: true
`;
