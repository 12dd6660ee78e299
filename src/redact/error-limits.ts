/** The maximum depth of nested objects and of chains of causes. Deeper objects are dropped. */
export const maxErrorDepth = 32;

/** The maximum number of objects in an error, and of entries in each object. */
export const maxErrorObjects = 2000;
export const maxErrorEntries = 256;
