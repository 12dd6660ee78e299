/** The maximum depth of nested objects and of chains of causes. Deeper objects are dropped. */
export const maxDepth = 32;

/** The maximum number of objects in an error, and of entries in each object. */
export const maxObjects = 2000;
export const maxEntries = 256;
