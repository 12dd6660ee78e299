/** The form of a GUID, such as the id of a directory or of a client in Entra ID. */
export const guid: RegExp = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
