/**
 * Creates the error of a connection that was not ready within `connectTimeoutMs`, with the code that Node.js gives to a connection
 * that the operating system gave up. The code proves that no request was sent.
 */
export function connectTimeoutError(text: string): Error {
  return Object.assign(new Error(`${text} (connectTimeoutMs)`), {
    code: "ETIMEDOUT",
    syscall: "connect",
  });
}
