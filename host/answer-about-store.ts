/** What the XS worker asks about the store of keys and counters, which is a desktop's. */
import type { SecurityStore } from "../modules/security/security-store.js";
import { ANSWER_FAILED, ASK_ERASE, ASK_LOAD, ASK_SAVE, type MessageReader, MessageWriter } from "./engine/messages.js";

/**
 * @param question behind the head of an `ASK_`
 * @returns a batch of one record: the question's kind, for `ASK_LOAD` with 1 and the octets, or 0 where there are none; or
 *   `ANSWER_FAILED` with what the store threw
 */
export function answerAboutStore(question: MessageReader, store: SecurityStore | undefined): Uint8Array {
  const answer = new MessageWriter();
  const name = question.text();
  try {
    if (store === undefined) {
      throw new Error("nothing is kept: there is no folder for keys");
    }
    switch (question.kind) {
      case ASK_LOAD: {
        const octets = store.load(name);
        answer.head(ASK_LOAD, octets === undefined ? 0 : 1);
        answer.bytes(octets ?? new Uint8Array(), 0, octets?.length ?? 0);
        octets?.fill(0);
        break;
      }
      case ASK_SAVE: {
        question.bytes();
        const octets = question.all.slice(question.start, question.end);
        store.save(name, octets);
        octets.fill(0);
        answer.head(ASK_SAVE, 0);
        break;
      }
      case ASK_ERASE:
        store.erase(name);
        answer.head(ASK_ERASE, 0);
        break;
      default:
        throw new Error("the worker asked nothing");
    }
  } catch (error) {
    answer.head(ANSWER_FAILED, 0);
    answer.text(error instanceof Error ? error.message : String(error));
  }
  return answer.take();
}
