/** The store of keys and counters inside an XS worker: Node keeps them. Each call stops the engine until Node has answered. */
import type { SecurityStore } from "../../modules/security/security-store.js";
import { ANSWER_FAILED, ASK_ERASE, ASK_LOAD, ASK_SAVE, MessageReader, MessageWriter } from "./messages.js";
import type { CallNode } from "./proxy-network.js";

export class ProxyStore implements SecurityStore {
  readonly #callNode: CallNode;
  readonly #question = new MessageWriter();

  constructor(callNode: CallNode) {
    this.#callNode = callNode;
  }

  load(name: string): Uint8Array | undefined {
    const answer = this.#ask(ASK_LOAD, name);
    if (answer.number === 0) {
      return undefined;
    }
    answer.bytes();
    return answer.all.slice(answer.start, answer.end);
  }

  save(name: string, octets: Uint8Array): void {
    this.#ask(ASK_SAVE, name, octets);
  }

  erase(name: string): void {
    this.#ask(ASK_ERASE, name);
  }

  /** @throws Error with what the store threw */
  #ask(kind: number, name: string, octets?: Uint8Array): MessageReader {
    const question = this.#question;
    question.head(kind, 0);
    question.text(name);
    if (octets !== undefined) {
      question.bytes(octets, 0, octets.length);
    }
    const answer = new MessageReader(new Uint8Array(this.#callNode(question.take().buffer)));
    answer.next();
    if (answer.kind === ANSWER_FAILED) {
      throw new Error(answer.text());
    }
    return answer;
  }
}
