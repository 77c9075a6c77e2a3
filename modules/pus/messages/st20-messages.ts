/** The messages of ST[20] parameter management (ECSS-E-ST-70-41C, 8.20). */
import type { FieldWidths } from "../../dictionary/conventions.js";
import type { Dictionary, ItemVariant, ParameterDefinition } from "../../dictionary/dictionary.js";
import { identifier } from "./identifiers.js";

export const PARAMETER_SERVICE = 20;
export const REPORT_PARAMETERS = 1;
export const PARAMETER_REPORT = 2;
export const SET_PARAMETERS = 3;

/** Most parameters in one request, where nothing else is said. */
export const MAX_PARAMETERS = 16;

/** @param dictionary whose parameters are named and laid out; a board does without */
export function parameterMessages(widths: FieldWidths, maxCount = MAX_PARAMETERS, dictionary?: Dictionary) {
  const { countType, parameterIdType } = widths;
  const parameters = dictionary && (dictionary.parameters ?? {});
  const settable = parameters && settableOf(parameters);
  const items = { parameterId: identifier(parameterIdType, parameters) };
  return {
    type: PARAMETER_SERVICE,
    description: "Reads and sets parameters.",
    requests: {
      reportParameters: {
        subtype: REPORT_PARAMETERS,
        description: "Reports the values of parameters.",
        list: { countType, items, minCount: 1, maxCount },
        replies: ["parameterReport"],
      },
      setParameters: {
        subtype: SET_PARAMETERS,
        description: "Sets parameters.",
        list: {
          countType,
          items: { parameterId: identifier(parameterIdType, settable) },
          minCount: 1,
          maxCount,
          ...(settable && { variants: settings(settable) }),
        },
      },
    },
    reports: {
      parameterReport: {
        subtype: PARAMETER_REPORT,
        list: { countType, items, maxCount, ...(parameters && { variants: variantsOf(parameters) }) },
      },
    },
  };
}

type Parameters = Readonly<Record<string, ParameterDefinition>>;

export function settableOf(parameters: Parameters): Parameters {
  return Object.fromEntries(Object.entries(parameters).filter(([, { settable }]) => settable === true));
}

function variantsOf(parameters: Parameters): Readonly<Record<string, ItemVariant>> {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, parameter]) => {
      const { id, description } = parameter;
      return [name, { id, ...(description === undefined ? {} : { description }), values: { [name]: parameter } }];
    }),
  );
}

function settings(parameters: Parameters): Readonly<Record<string, ItemVariant>> {
  return Object.fromEntries(
    Object.entries(variantsOf(parameters)).map(([name, variant]) => {
      const { dangerous } = parameters[name]!;
      return [name, dangerous === undefined ? variant : { ...variant, dangerous }];
    }),
  );
}
