/** The exit statuses, which the help of the program lists. */
export const exitStatus = {
  failed: 1,
  differs: 2,
  risks: 2,
  expires: 2,
  locked: 3,
  unchecked: 3,
  interrupted: 130,
  terminated: 143,
} as const;

/** The reason of an abort by a signal of the operating system. */
export class Interruption extends Error {
  /** The exit status of a process that the signal ends. */
  readonly status: number;

  constructor(message: string, status: number) {
    super(message);
    this.name = "Interruption";
    this.status = status;
  }
}
