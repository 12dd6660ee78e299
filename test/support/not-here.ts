/** The error for something that cannot be run on this machine. */
export class NotHere extends Error {}
