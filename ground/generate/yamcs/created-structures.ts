/**
 * Structures that the ground makes at run time have no names in the dictionary. Tools that know words only need some: `created1` and so
 * on, for the greatest IDs that are free.
 */
import { NUMBER_KINDS, numberKind } from "../../../modules/data/field-kinds.js";
import type { BoardDictionary } from "../../../modules/dictionary/conventions.js";
import type {
  ArgumentDefinition,
  LayoutDefinition,
  ServiceDefinition,
  Words,
} from "../../../modules/dictionary/dictionary.js";

const SERVICE = "housekeeping";
const STRUCTURE_ID = "structureId";

/** As many as the board has room for. */
export function createdWords({ structures = {}, conventions }: BoardDictionary): Words {
  const { createdStructures, widths } = conventions;
  const taken = new Set(Object.values(structures).map(({ id }) => id));
  const words: Record<string, number> = {};
  let id = NUMBER_KINDS[numberKind(widths.structureIdType)]!.maximum;
  for (let made = 0, k = 1; made < createdStructures && id >= 0; id--) {
    if (taken.has(id)) {
      continue;
    }
    while (Object.hasOwn(structures, `created${k}`)) {
      k++;
    }
    words[`created${k++}`] = id;
    made++;
  }
  return words;
}

type Services = Readonly<Record<string, ServiceDefinition>>;

/** The same services, where each structure ID of ST[03] may also be one that the ground has made. */
export function withCreated(board: BoardDictionary, services: Services): Services {
  const created = createdWords(board);
  const extend = (values: Readonly<Record<string, ArgumentDefinition>> = {}) => {
    const structureId = values[STRUCTURE_ID];
    return structureId === undefined
      ? values
      : { ...values, [STRUCTURE_ID]: { ...structureId, words: { ...structureId.words, ...created } } };
  };
  const messages = <Message extends LayoutDefinition>(all: Readonly<Record<string, Message>> = {}) =>
    Object.fromEntries(
      Object.entries(all).map(([name, message]) => [
        name,
        {
          ...message,
          values: extend(message.values),
          ...(message.list && { list: { ...message.list, items: extend(message.list.items) } }),
        },
      ]),
    );
  const { [SERVICE]: service } = services;
  return service === undefined
    ? services
    : {
        ...services,
        [SERVICE]: { ...service, requests: messages(service.requests), reports: messages(service.reports) },
      };
}
