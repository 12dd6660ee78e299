/** The error text of a call on a closed client. */
export const clientClosed = "the client is closed: create a new one";
