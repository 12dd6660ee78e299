/** Returns true for the form of Apple's team ids and key ids: ten capital letters and digits. */
export function isAppleId(id: string): boolean {
  return /^[A-Z0-9]{10}$/.test(id);
}
