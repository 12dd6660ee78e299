/** The error for something that cannot be run on this machine. */
export class NotAvailableError extends Error {
  constructor(
    message: string,
    /** The name of the missing program, if it is one. */
    readonly program?: string,
  ) {
    super(message);
  }
}
