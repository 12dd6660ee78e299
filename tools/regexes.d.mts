export const document: string;
export function originOf(path: string): string;
export function readDocument(text: string): Map<string, number>;
