/** The message of ST[08] function management (ECSS-E-ST-70-41C, 8.8). */
import type { FieldWidths } from "../../dictionary/conventions.js";
import type { Dictionary } from "../../dictionary/dictionary.js";
import { identifier } from "./identifiers.js";

export const FUNCTION_SERVICE = 8;
export const PERFORM_FUNCTION = 1;

/** @param dictionary whose functions are named and laid out; a board does without */
export function functionMessages(widths: FieldWidths, dictionary?: Dictionary) {
  const functions = dictionary && (dictionary.functions ?? {});
  return {
    type: FUNCTION_SERVICE,
    description: "What the board does when it is told to.",
    requests: {
      performFunction: {
        subtype: PERFORM_FUNCTION,
        values: { functionId: identifier(widths.functionIdType, functions) },
        ...(functions && { variants: variantsOf(functions) }),
      },
    },
  };
}

function variantsOf(functions: NonNullable<Dictionary["functions"]>) {
  return Object.fromEntries(
    Object.entries(functions).map(([name, { arguments: values = {}, ...definition }]) => [
      name,
      { ...definition, values },
    ]),
  );
}
