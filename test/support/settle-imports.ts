import { afterAll, vi } from "vitest";

// Vitest rejects the modules that are still being loaded when a test file ends, and keeps such a module as failed for all later files
// of the process. Calls load code that they may not wait for, such as `loadFailureCode`.
afterAll(() => vi.dynamicImportSettled());
