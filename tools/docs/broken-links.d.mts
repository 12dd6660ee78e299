/**
 * Checks the links of all HTML pages in a folder: each relative address must lead to a file, and each anchor to an element of
 * the page. Returns the number of pages, and a message for each link that does not.
 */
export function findBrokenLinks(folder: string): { pages: number; broken: string[] };
