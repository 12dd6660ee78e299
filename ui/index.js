/** The folder of the built page. */
export const folder = new URL("./dist/", import.meta.url);
