/** The path to which identity providers send the browser back. */
export const callbackPath = "/idps/callback";
