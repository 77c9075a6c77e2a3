/** What tests need to run modules inside XS. */
import { fileURLToPath } from "node:url";
import { xsAvailability } from "../../host/xs-availability.js";

/** Whether this machine has XS; a test that needs it says that it was skipped. */
export const xs = xsAvailability();

/** Absolute path of a compiled module. @param specifier relative to the importing module's `import.meta.url` */
export function modulePath(specifier: string, base: string): string {
  return fileURLToPath(new URL(specifier, base));
}
