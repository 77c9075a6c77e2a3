/** The keys of a board: provisioned, activated, retired, and over restarts and cuts. Case by case, for Node and for XS. */

import { Aes256Gcm } from "../../modules/crypto/aes-gcm.js";
import { SECURITY_SCRATCH_LENGTH } from "../../modules/framing/contract/frame-security.js";
import {
  BoardSecurity,
  DONE,
  KEY_OF_ANOTHER,
  LAST_COMMANDER,
  NO_KEY,
  NOT_IN_SETTING,
  SECURITY_ANSWERS,
} from "../../modules/security/board-security.js";
import {
  ACTIVE,
  EMPTY,
  KEY_IN_USE,
  KEY_USED_BEFORE,
  LOCKED,
  READY,
  RETIRED,
} from "../../modules/security/receiving-association.js";
import { parseSecurity } from "../../modules/security/roles.js";
import { equal, holds } from "../link/expect.js";
import type { Cases } from "../link/rig.js";
import { MemoryStore } from "./memory-store.js";

const SETTING = "1=commander 2=commander 3=operator:17 4=operator:17 5=operator:17+18 9=telemetry";

function board(store = new MemoryStore(), setting = SETTING): BoardSecurity {
  return new BoardSecurity(parseSecurity(setting), store, (key) => new Aes256Gcm(key));
}

/** The nth key. */
function key(n: number): Uint8Array {
  return new Uint8Array(32).fill(n);
}

function states(security: BoardSecurity): (number | undefined)[] {
  return security.settings.associations.map(({ spi }) => security.stateOf(spi));
}

/** IV of the frame that telemetry is sealed with next, its last octets as a number; NaN: nothing is sealed. */
function nextIv({ sealer }: BoardSecurity): number {
  const bytes = new Uint8Array(128 + SECURITY_SCRATCH_LENGTH);
  if (sealer === undefined || !sealer.seal(bytes, 0, 5, 64, [], 128)) {
    return Number.NaN;
  }
  sealer.taken();
  return bytes[17]! * 256 + bytes[18]!;
}

/** A store that loses power at the nth change. */
class CutStore extends MemoryStore {
  left = Number.POSITIVE_INFINITY;

  override save(name: string, octets: Uint8Array): void {
    this.#count();
    super.save(name, octets);
  }

  override erase(name: string): void {
    this.#count();
    super.erase(name);
  }

  #count(): void {
    if (this.left-- <= 0) {
      throw new Error("power lost");
    }
  }
}

function attempt(work: () => void): void {
  try {
    work();
  } catch {
    // The power is lost.
  }
}

export const boardSecurityCases: Cases = {
  "a board is made with keyless associations, and its framings have an opener and a sealer"() {
    const security = board();
    const { frames } = security.settings;
    holds(frames.opener === security.ring && frames.sealer === security.sealer, "opener and sealer");
    equal(states(security), [EMPTY, EMPTY, EMPTY, EMPTY, EMPTY, EMPTY], "states");
    equal([security.ring.isActive, security.seals, nextIv(security)], [false, false, Number.NaN], "active, seals, IV");
    const silent = board(new MemoryStore(), "1=commander");
    equal([silent.sealer, silent.settings.frames.sealer, silent.seals], [undefined, undefined, false], "no telemetry");
  },

  "the roles are those of the setting"() {
    const security = board();
    equal(
      [1, 3, 9, 6].map((spi) => security.roleOf(spi)?.name),
      ["commander", "operator", "telemetry", undefined],
      "roles",
    );
  },

  "the first key of a role is active, the next one is ready, unless it is said"() {
    const security = board();
    equal(
      [1, 2, 3, 4, 5, 9].map((spi) => security.provision(spi, key(spi))),
      [DONE, DONE, DONE, DONE, DONE, DONE],
      "answers",
    );
    equal(states(security), [ACTIVE, READY, ACTIVE, READY, ACTIVE, ACTIVE], "states");
    const said = board();
    equal([said.provision(1, key(1), READY), said.provision(2, key(2), ACTIVE)], [DONE, DONE], "answers");
    equal([said.stateOf(1), said.stateOf(2)], [READY, ACTIVE], "states that were said");
  },

  "no two SPIs have one key, whichever way it is used, and none has it twice"() {
    const store = new MemoryStore();
    const security = board(store);
    security.provision(1, key(1));
    security.provision(9, key(9));
    equal(security.provision(2, key(1)), KEY_OF_ANOTHER, "a commander's");
    equal(security.provision(9, key(8)), KEY_IN_USE, "telemetry has a key");
    equal(security.provision(1, key(7)), KEY_IN_USE, "it has a key");
    equal(security.provision(3, key(9)), KEY_OF_ANOTHER, "telemetry's");
    equal(security.provision(8, key(8)), NOT_IN_SETTING, "no such SPI");
    for (const other of [security, board(store)]) {
      equal(other.retire(9), DONE, "telemetry is retired");
      equal(other.provision(9, key(9)), KEY_USED_BEFORE, "telemetry's own again");
      equal(other.provision(3, key(9)), KEY_OF_ANOTHER, "telemetry's retired one");
    }
    equal(security.retire(1, true), DONE, "the commander is retired");
    equal(security.provision(1, key(1)), KEY_USED_BEFORE, "its own again");
    equal(security.provision(9, key(1)), KEY_OF_ANOTHER, "the commander's retired one");
    equal(SECURITY_ANSWERS.length, LAST_COMMANDER + 1, "every answer has its words");
  },

  "a key of another length is refused, and nothing changes"() {
    const security = board();
    for (const spi of [1, 9]) {
      let said: unknown;
      try {
        security.provision(spi, new Uint8Array(31));
      } catch (error) {
        said = error;
      }
      holds(said instanceof RangeError, `SPI ${spi}: a RangeError`);
      equal([security.stateOf(spi), security.idOf(spi)], [EMPTY, undefined], `SPI ${spi}`);
    }
  },

  "keys are rotated: activate the next, retire the last; the last active commander stays"() {
    const security = board();
    security.provision(1, key(1));
    security.provision(2, key(2));
    equal(security.retire(1), LAST_COMMANDER, "the other is not active yet");
    equal([security.activate(2), security.activate(2)], [DONE, DONE], "activate");
    equal([security.retire(1), security.retire(1)], [DONE, DONE], "retire");
    equal(security.retire(2), LAST_COMMANDER, "the last one");
    equal([security.activate(1), security.activate(3), security.retire(3)], [NO_KEY, NO_KEY, NO_KEY], "without a key");
    equal([security.activate(8), security.retire(8)], [NOT_IN_SETTING, NOT_IN_SETTING], "no such SPI");
    equal([security.stateOf(1), security.stateOf(2)], [RETIRED, ACTIVE], "states");
    equal([security.retire(2, true), security.stateOf(2)], [DONE, RETIRED], "by whoever has the board in hand");
  },

  "a commander that is ready only may be retired, and an operator always"() {
    const security = board();
    security.provision(1, key(1), READY);
    security.provision(3, key(3));
    equal([security.retire(1), security.retire(3)], [DONE, DONE], "retired");
  },

  "what was provisioned is there after a restart"() {
    const store = new MemoryStore();
    const first = board(store);
    for (const spi of [1, 2, 3, 9]) {
      first.provision(spi, key(spi));
    }
    first.retire(3);
    const second = board(store);
    equal(states(second), [ACTIVE, READY, RETIRED, EMPTY, EMPTY, ACTIVE], "states");
    equal([second.activate(9), second.activate(4)], [DONE, NO_KEY], "telemetry is active already");
  },

  "telemetry never has an IV twice, over restarts"() {
    const store = new MemoryStore();
    const first = board(store);
    first.provision(9, key(9));
    equal([nextIv(first), nextIv(first), nextIv(first)], [1, 2, 3], "of the first");
    equal(nextIv(board(store)), 1025, "behind the block that was reserved");
  },

  "telemetry's counter never goes back: a key that was used before comes to IVs that it has not used"() {
    const store = new MemoryStore();
    const first = board(store);
    first.provision(9, key(9));
    equal([nextIv(first), nextIv(first)], [1, 2], "of the first");
    equal(
      [first.retire(9), first.provision(9, key(8)), first.retire(9), first.provision(9, key(9))],
      [DONE, DONE, DONE, DONE],
      "again",
    );
    equal(nextIv(first), 2049, "behind the blocks of both");
  },

  "telemetry's counter is lost: nothing is sealed until there is another key"() {
    const store = new MemoryStore();
    board(store).provision(9, key(9));
    store.kept.delete("spi9limit");
    const security = board(store);
    equal([security.stateOf(9), security.seals, nextIv(security)], [LOCKED, false, Number.NaN], "locked");
    equal(security.activate(9), NO_KEY, "activate");
    equal(security.provision(9, key(9)), KEY_USED_BEFORE, "the same key");
    equal([security.provision(9, key(8)), nextIv(security)], [DONE, 1], "another one");
    store.kept.delete("spi9limit");
    const other = board(store);
    equal([other.retire(9), other.stateOf(9), store.kept.has("spi9key")], [DONE, RETIRED, false], "retired");
  },

  "telemetry's counter cannot be kept at boot: nothing is sealed, and the board runs"() {
    const store = new MemoryStore();
    board(store).provision(9, key(9));
    store.fault = new Error("worn out");
    const security = board(store);
    equal([security.stateOf(9), nextIv(security)], [LOCKED, Number.NaN], "locked");
  },

  "power is lost at any write while a key is provisioned: no old key goes with a new counter"() {
    for (let writes = 0; writes < 8; writes++) {
      const store = new CutStore();
      const first = board(store);
      first.provision(9, key(9));
      nextIv(first);
      // As it is when the counter is lost.
      store.kept.delete("spi9limit");
      const second = board(store);
      store.left = writes;
      attempt(() => second.provision(9, key(8)));
      store.left = Number.POSITIVE_INFINITY;
      const third = board(store);
      const kept = store.kept.get("spi9key");
      const isOld = kept !== undefined && kept[0] === 9;
      holds(!(isOld && third.seals), `after ${writes} writes: the old key seals`);
      if (third.stateOf(9) !== ACTIVE) {
        equal(third.provision(9, key(7)), DONE, `after ${writes} writes: another key`);
      }
      equal(nextIv(third) > 0, true, `after ${writes} writes: it seals`);
    }
  },

  "power is lost at any write while telemetry's key is retired: it is in use, or cannot be used again"() {
    for (let writes = 0; writes < 3; writes++) {
      const store = new CutStore();
      const first = board(store);
      first.provision(9, key(9));
      // As if power had been lost before this was written.
      store.kept.delete("spi9id");
      store.left = writes;
      attempt(() => first.retire(9));
      equal(nextIv(first), Number.NaN, "it seals nothing more");
      store.left = Number.POSITIVE_INFINITY;
      const second = board(store);
      const answer = second.provision(9, key(9));
      equal(answer, second.seals ? KEY_IN_USE : KEY_USED_BEFORE, `after ${writes} writes`);
    }
  },
};
