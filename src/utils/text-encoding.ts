/** The UTF-8 byte order mark, read as UTF-8 or as Latin-1. */
const bom = /^(?:\ufeff|\u00ef\u00bb\u00bf)/;

/** The start of UTF-16 text that was read as UTF-8 or as Latin-1, with and without a byte order mark. */
const utf16 = /^(?:\ufffd\ufffd|\u00ff\u00fe|\u00fe\u00ff|\0?[^\0]\0|\0[^\0])/;

/** Removes the byte order mark that some editors and Windows PowerShell write at the start of UTF-8 text. */
export function withoutBom(text: string): string {
  return text.replace(bom, "");
}

/** Returns an explanation if a text was read in the wrong encoding, and undefined otherwise. Never repeats the text. */
export function findEncodingProblem(text: string): string | undefined {
  return utf16.test(text)
    ? 'is UTF-16, which Windows PowerShell writes with ">": save the file as UTF-8, e.g. with Out-File -Encoding utf8'
    : undefined;
}
