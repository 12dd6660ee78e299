/** The UTF-8 byte order mark, as it looks when it is read as UTF-8 and as Latin-1. */
const bom = /^(?:\ufeff|\u00ef\u00bb\u00bf)/;

/** The beginnings of UTF-16 text that was read as UTF-8 or as Latin-1, with a byte order mark and without. */
const utf16 = /^(?:\ufffd\ufffd|\u00ff\u00fe|\u00fe\u00ff|\0?[^\0]\0|\0[^\0])/;

/** Removes the byte order mark that some editors and Windows PowerShell put in front of UTF-8 text. */
export function withoutBom(text: string): string {
  return text.replace(bom, "");
}

/** Explains how the text of a file was read in the wrong encoding; undefined if it was not. Never repeats the text. */
export function encodingProblem(text: string): string | undefined {
  return utf16.test(text)
    ? 'is UTF-16, which Windows PowerShell writes with ">": save the file as UTF-8, e.g. with Out-File -Encoding utf8'
    : undefined;
}
