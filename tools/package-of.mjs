/** Returns the name of the package that a file belongs to, or `undefined` for our own files. */
export function packageOf(file) {
  return /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1];
}
