/** The identity of a call, in all of its events. */
export interface CallIdentity {
  /** The id of the call in this process and its logs: 16 random hexadecimal digits. ZITADEL does not get it. */
  readonly callId: string;
  /**
   * An object for values that your hooks keep from one event of a call to the next, such as a timer. It is empty at the start of
   * the call, and the same object in all of its events.
   */
  readonly shared: Record<PropertyKey, unknown>;
}
