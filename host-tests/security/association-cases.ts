/** Security associations, state by state, and what may happen to their store. Knows no platform: also runs inside XS. */
import { tcFrames } from "../../modules/framing/formats/tc-frames.js";
import {
  ACTIVE,
  ASSOCIATION_STATES,
  EMPTY,
  KEY_IN_USE,
  KEY_USED_BEFORE,
  LOCKED,
  PROVISIONED,
  READY,
  RETIRED,
} from "../../modules/security/association-states.js";
import { ReceivingAssociation } from "../../modules/security/receiving-association.js";
import { SendingAssociation } from "../../modules/security/sending-association.js";
import { Random } from "../framing/random.js";
import { equal } from "../framing/workbench.js";
import { FaultyStore, POWER_CUTS } from "./faulty-store.js";
import { MemoryStore } from "./memory-store.js";
import { sealed, TC, tcFrame, telecommand } from "./sealed-frames.js";
import { board, iv, KEY, makeAead, receiver, SPI } from "./secured-ends.js";
import { digitsOf, SecuredPort } from "./secured-port.js";

const OTHER_KEY = new Uint8Array(32).fill(0x5a);
const THIRD_KEY = new Uint8Array(32).fill(0x66);

function frame(ivValue: number, key: Uint8Array = KEY): Uint8Array {
  return tcFrame([packet(ivValue)], { ivValue, key });
}

function packet(ivValue: number): Uint8Array {
  return telecommand(9, ivValue);
}

function port(association: ReceivingAssociation): SecuredPort {
  return new SecuredPort(tcFrames({ ...TC, security: board(association) }));
}

function packets(...ivValues: number[]): string[] {
  return ivValues.map((each) => digitsOf(packet(each)));
}

/** An association in a state, whose key is `KEY` where it has one or had one. */
function inState(state: number, store = new MemoryStore()): ReceivingAssociation {
  const association = new ReceivingAssociation(SPI, store, makeAead);
  if (state === EMPTY) {
    return association;
  }
  association.provision(KEY, state === READY ? READY : ACTIVE);
  if (state === RETIRED) {
    association.retire();
  }
  if (state === LOCKED) {
    store.kept.delete("spi1last0");
    store.kept.delete("spi1last1");
    return new ReceivingAssociation(SPI, store, makeAead);
  }
  return association;
}

type Action = (association: ReceivingAssociation) => unknown;

const ACTIONS: Readonly<Record<string, Action>> = {
  "another key, ready": (association) => association.provision(OTHER_KEY, READY),
  "another key, active": (association) => association.provision(OTHER_KEY, ACTIVE),
  "the same key": (association) => association.provision(KEY, ACTIVE),
  activate: (association) => association.activate(),
  retire: (association) => association.retire(),
  "a frame": (association) => {
    const one = port(association);
    one.give(frame(1));
    return one.taken.length;
  },
};

/** By state: what each action answers, and the state behind it. */
const TABLE: Readonly<Record<number, Readonly<Record<keyof typeof ACTIONS, readonly [unknown, number]>>>> = {
  [EMPTY]: {
    "another key, ready": [PROVISIONED, READY],
    "another key, active": [PROVISIONED, ACTIVE],
    "the same key": [PROVISIONED, ACTIVE],
    activate: [false, EMPTY],
    retire: [false, EMPTY],
    "a frame": [0, EMPTY],
  },
  [READY]: {
    "another key, ready": [KEY_IN_USE, READY],
    "another key, active": [KEY_IN_USE, READY],
    "the same key": [KEY_IN_USE, READY],
    activate: [true, ACTIVE],
    retire: [true, RETIRED],
    "a frame": [0, READY],
  },
  [ACTIVE]: {
    "another key, ready": [KEY_IN_USE, ACTIVE],
    "another key, active": [KEY_IN_USE, ACTIVE],
    "the same key": [KEY_IN_USE, ACTIVE],
    activate: [true, ACTIVE],
    retire: [true, RETIRED],
    "a frame": [1, ACTIVE],
  },
  [RETIRED]: {
    "another key, ready": [PROVISIONED, READY],
    "another key, active": [PROVISIONED, ACTIVE],
    "the same key": [KEY_USED_BEFORE, RETIRED],
    activate: [false, RETIRED],
    retire: [true, RETIRED],
    "a frame": [0, RETIRED],
  },
  [LOCKED]: {
    "another key, ready": [PROVISIONED, READY],
    "another key, active": [PROVISIONED, ACTIVE],
    "the same key": [KEY_USED_BEFORE, LOCKED],
    activate: [false, LOCKED],
    retire: [true, RETIRED],
    "a frame": [0, LOCKED],
  },
};

const AEAD = makeAead(KEY);

function sender(store: MemoryStore, block: number): SendingAssociation {
  return new SendingAssociation({ spi: SPI, aead: AEAD, store, name: "counter", block });
}

/** Seals a frame of nothing but a security header and a MAC. @returns its IV as digits; undefined: there is none */
function sealedIv(association: SendingAssociation): string | undefined {
  const bytes = new Uint8Array(30);
  return association.seal(bytes, 0, 0, 30, [], 30) ? digitsOf(bytes.subarray(2, 14)) : undefined;
}

export const associationCases: Readonly<Record<string, (seed: number) => void>> = {
  "every action in every state does what the table says, and a restart finds the same state"() {
    for (const [state, row] of Object.entries(TABLE)) {
      equal(Object.keys(row), Object.keys(ACTIONS), "the table is whole");
      for (const [title, action] of Object.entries(ACTIONS)) {
        const store = new MemoryStore();
        const association = inState(Number(state), store);
        const what = `${title}, ${ASSOCIATION_STATES[Number(state)]}`;
        equal(association.state, Number(state), `the state in front of ${what}`);
        equal([action(association), association.state], row[title], what);
        const again = new ReceivingAssociation(SPI, store, makeAead);
        equal([again.state, again.last], [association.state, association.last], `a restart behind ${what}`);
      }
    }
  },

  "a frame is taken once; an earlier one that comes later is not; a gap does not matter, however wide"() {
    const association = inState(ACTIVE);
    const one = port(association);
    for (const each of [2, 2, 1, 3, 2, 2 ** 40, 4, 2 ** 40 + 1, 2 ** 40]) {
      one.give(frame(each));
    }
    equal(one.taken, packets(2, 3, 2 ** 40, 2 ** 40 + 1), "packets");
    equal(one.reasons(), { replayed: 5 }, "reasons");
  },

  "the highest IV is refused, and the one before it is the last"() {
    const association = inState(ACTIVE);
    const one = port(association);
    const text = packet(1);
    const length = 5 + 30 + text.length + 2;
    const headers = Uint8Array.of(0x20, 0xab, 0, length - 1, 0);
    const mask = [0, 0, 0xfc, 0, 0, 0xff, 0xff, ...new Array<number>(12).fill(0)];
    const at = (last: number) =>
      sealed({ headers, text, mask, ivValue: 0, iv: new Uint8Array(12).fill(0xff, 0, 11).fill(last, 11) });
    one.give(at(0xff));
    equal(one.taken.length, 0, "the highest");
    one.give(at(0xfe));
    one.give(at(0xff));
    equal([one.taken.length, one.reasons()], [1, { replayed: 2 }], "taken");
  },

  "without its counter, an association is locked until it gets another key"() {
    const store = new MemoryStore();
    const first = port(inState(ACTIVE, store));
    first.give(frame(7));
    store.kept.delete("spi1last0");
    equal(new ReceivingAssociation(SPI, store, makeAead).state, ACTIVE, "one of the places is enough");
    store.kept.delete("spi1last1");
    const association = new ReceivingAssociation(SPI, store, makeAead);
    const locked = port(association);
    locked.give(frame(7));
    locked.give(frame(8));
    equal([association.state, locked.taken, locked.reasons()], [LOCKED, [], { unknownSpi: 2 }], "locked");
    equal(association.provision(KEY, ACTIVE), KEY_USED_BEFORE, "the same key");
    equal(association.provision(OTHER_KEY, ACTIVE), PROVISIONED, "another key");
    locked.give(frame(8));
    locked.give(frame(1, OTHER_KEY));
    equal([locked.taken, locked.reasons()], [packets(1), { unknownSpi: 2, badMac: 1 }], "under another key");
  },

  "a counter of another length counts as lost"() {
    const store = new MemoryStore();
    inState(ACTIVE, store);
    store.kept.set("spi1last0", new Uint8Array(11));
    store.kept.set("spi1last1", new Uint8Array(0));
    equal(new ReceivingAssociation(SPI, store, makeAead).state, LOCKED, "state");
  },

  "power lost while the counter is kept, in either place: nothing runs twice, and what was not carried out may come again"() {
    for (const cut of POWER_CUTS) {
      for (let lost = 1; lost <= 5; lost++) {
        const store = new FaultyStore();
        const before = port(receiver(store));
        const first = store.operations;
        store.cutAt = first + lost - 1;
        store.cut = cut;
        for (let each = 1; each <= 5; each++) {
          before.give(frame(each));
        }
        const what = `power lost at ${lost}, ${cut}`;
        equal(before.taken, packets(...[1, 2, 3, 4, 5].slice(0, lost - 1)), what);
        equal(before.reasons(), { counterNotKept: 6 - lost }, `reasons, ${what}`);
        store.restart();
        const association = new ReceivingAssociation(SPI, store, makeAead);
        const kept = cut === "behind" ? lost : lost - 1;
        equal([association.state, association.last], [ACTIVE, kept], `the restart, ${what}`);
        const after = port(association);
        for (let each = 1; each <= 5; each++) {
          after.give(frame(each));
        }
        equal(after.taken, packets(...[1, 2, 3, 4, 5].slice(kept)), `what comes again, ${what}`);
      }
    }
  },

  "power lost anywhere while keys are changed leaves no association with an old counter or an old key"() {
    for (const cut of POWER_CUTS) {
      for (let lost = 0; ; lost++) {
        const store = new FaultyStore();
        const association = receiver(store);
        port(association).give(frame(9));
        store.cutAt = store.operations + lost;
        store.cut = cut;
        let isThrough = true;
        try {
          association.retire();
          association.provision(OTHER_KEY, READY);
          association.activate();
        } catch {
          isThrough = false;
        }
        store.restart();
        const again = new ReceivingAssociation(SPI, store, makeAead);
        const after = port(again);
        const what = `power lost at ${lost}, ${cut}: ${ASSOCIATION_STATES[again.state]}`;
        after.give(frame(9));
        after.give(frame(8));
        equal(after.taken, [], `old frames, ${what}`);
        after.give(frame(10));
        // Of the old key: only while it is not retired.
        equal(after.taken.length > 0, again.state === ACTIVE && again.last === 10, `the old key, ${what}`);
        if (after.taken.length === 0) {
          after.give(frame(1, OTHER_KEY));
          equal(after.taken.length, again.state === ACTIVE ? 1 : 0, `the new key, ${what}`);
        }
        if (again.state !== ACTIVE && again.state !== READY) {
          equal(again.provision(THIRD_KEY, ACTIVE), PROVISIONED, `a third key, ${what}`);
        }
        if (isThrough) {
          break;
        }
      }
    }
  },

  "a key that could not be erased opens nothing, and is erased when it is retired again"() {
    const store = new FaultyStore();
    const association = receiver(store);
    // The state is kept; the key is not erased.
    store.cutAt = store.operations + 1;
    for (let attempt = 0; attempt < 2; attempt++) {
      let message = "";
      try {
        association.retire();
      } catch (error) {
        message = String(error);
      }
      equal([message, association.state], ["Error: power lost", RETIRED], `attempt ${attempt}`);
      equal(store.kept.has("spi1key"), true, "the key is there");
    }
    const one = port(association);
    one.give(frame(1));
    equal(one.taken, [], "taken");
    store.restart();
    equal([association.retire(), store.kept.has("spi1key")], [true, false], "retired again");
  },

  "a store that fails for a while costs nothing but the time: no frame overtakes one that was not kept"() {
    const store = new MemoryStore();
    const association = receiver(store);
    const one = port(association);
    one.give(frame(1));
    store.fault = new Error("full");
    one.give(frame(2));
    equal([one.taken, association.last, one.decoder.bar], [packets(1), 1, "unkept"], "while it fails");
    store.fault = undefined;
    one.give(frame(2));
    one.give(frame(3));
    equal([one.taken, association.last], [packets(1), 1], "behind that, on the same connection");
    equal(one.reasons(), { counterNotKept: 3 }, "reasons");
    one.reset();
    one.give(frame(2));
    one.give(frame(2));
    one.give(frame(3));
    equal([one.taken, one.decoder.bar], [packets(1, 2, 3), undefined], "on the next one");
  },

  "a packet that waits when its association is retired is not carried out"() {
    const association = inState(ACTIVE);
    const one = port(association);
    one.refuses = true;
    one.give(frame(1));
    association.retire();
    one.refuses = false;
    one.resume();
    equal([one.offered, one.taken, one.reasons()], [2, [], { unknownSpi: 1 }], "taken");
    association.provision(OTHER_KEY, ACTIVE);
    one.give(frame(1));
    one.give(frame(1, OTHER_KEY));
    equal(one.taken, packets(1), "under the next key");
  },

  "a packet that waits when the key is changed is not carried out under the next one"() {
    const association = inState(ACTIVE);
    const one = port(association);
    one.refuses = true;
    one.give(frame(6));
    association.retire();
    association.provision(OTHER_KEY, ACTIVE);
    one.refuses = false;
    one.resume();
    equal([one.taken, association.last], [[], 0], "taken");
  },

  "the same frame on two connections at once is carried out once"() {
    const association = inState(ACTIVE);
    const [one, two] = [port(association), port(association)];
    for (const each of [one, two]) {
      each.refuses = true;
      each.give(frame(4));
    }
    for (const each of [two, one]) {
      each.refuses = false;
      each.resume();
    }
    equal([one.taken, two.taken], [[], packets(4)], "taken");
    equal([one.reasons(), two.reasons()], [{ replayed: 1 }, {}], "reasons");
  },

  "a frame that waits while a later one is taken on another connection is not carried out"() {
    const association = inState(ACTIVE);
    const [one, two] = [port(association), port(association)];
    one.refuses = true;
    one.give(frame(4));
    two.give(frame(5));
    one.refuses = false;
    one.resume();
    one.give(frame(6));
    equal([one.taken, two.taken], [packets(6), packets(5)], "taken");
  },

  "of a frame with several packets, those behind a cut do not come again"() {
    const store = new MemoryStore();
    const several = tcFrame([packet(1), packet(2), packet(3)], { ivValue: 1 });
    const one = port(receiver(store));
    one.onPacket = () => {
      one.refuses = true;
    };
    one.give(several);
    equal([one.taken, one.offered], [packets(1), 2], "in front of the cut");
    one.reset();
    one.refuses = false;
    one.onPacket = undefined;
    one.give(several);
    equal([one.taken, one.reasons()], [packets(1), { undelivered: 1, replayed: 1 }], "the same connection");
    const restarted = port(receiver(store));
    restarted.give(several);
    equal([restarted.taken, restarted.reasons()], [[], { replayed: 1 }], "a restart");
  },

  "of a frame with several packets of which none was taken, all come again"() {
    const store = new MemoryStore();
    const several = tcFrame([packet(1), packet(2)], { ivValue: 1 });
    const one = port(receiver(store));
    one.refuses = true;
    one.give(several);
    one.reset();
    one.refuses = false;
    one.give(several);
    equal(one.taken, packets(1, 2), "taken");
  },

  "ten forged frames bar a connection, and no other"() {
    const association = inState(ACTIVE);
    const one = port(association);
    for (let each = 1; each <= 10; each++) {
      equal(one.decoder.bar, undefined, "not yet");
      one.give(frame(each, OTHER_KEY));
    }
    one.give(frame(1));
    one.give(frame(1));
    equal([one.decoder.bar, one.taken, one.reasons()], ["forged", [], { badMac: 10, afterForgeries: 2 }], "barred");
    const two = port(association);
    two.give(frame(1));
    equal([two.decoder.bar, two.taken], [undefined, packets(1)], "another one");
    one.reset();
    one.give(frame(2));
    equal([one.decoder.bar, one.taken], [undefined, packets(2)], "the next connection");
  },

  "no sender uses an IV twice, over 1,000 random restarts and a store that fails at random"(seed) {
    const random = new Random(seed);
    const store = new FaultyStore();
    store.save("counter", iv(0));
    const used: Record<string, boolean> = {};
    let sent = 0;
    let started = 0;
    for (let run = 0; run < 1000; run++) {
      store.restart();
      if (random.below(3) === 0) {
        store.cutAt = store.operations + random.below(4);
        // What is lost between erasing and writing is the counter itself: the sender then refuses to start, which is tested below.
        store.cut = random.below(2) === 0 ? "before" : "behind";
      }
      let association: SendingAssociation;
      try {
        association = sender(store, 1 + random.below(6));
      } catch {
        continue;
      }
      started++;
      for (let frames = random.below(20); frames > 0; frames--) {
        const digits = sealedIv(association);
        if (digits === undefined) {
          break;
        }
        equal(sealedIv(association), digits, "the same IV until it is taken");
        if (random.below(4) > 0) {
          equal(used[digits], undefined, `IV ${digits} of run ${run}, seed ${seed}`);
          used[digits] = true;
          sent++;
          association.taken();
        }
      }
    }
    equal([started > 500, sent > 2000], [true, true], `${started} starts, ${sent} frames`);
  },

  "a sender whose counter is lost does not start, and one whose counter is spent sends nothing"() {
    const store = new MemoryStore();
    for (const kept of [undefined, new Uint8Array(11)]) {
      if (kept !== undefined) {
        store.save("counter", kept);
      }
      let message = "";
      try {
        sender(store, 4);
      } catch (error) {
        message = String(error);
      }
      equal(message, "Error: the counter of SPI 1 is lost: with this key, an IV might be used twice", "refused");
    }
    store.save("counter", new Uint8Array(12).fill(0xff, 0, 11).fill(0xfc, 11));
    const last = sender(store, 1);
    const sent: (string | undefined)[] = [];
    for (let each = 0; each < 4; each++) {
      sent.push(sealedIv(last)?.slice(-4));
      last.taken();
    }
    equal(sent, ["fffd", "fffe", undefined, undefined], "the last IVs");
    equal(sealedIv(sender(store, 1)), undefined, "a restart");
  },

  "a sender that cannot reserve sends nothing more"() {
    const store = new MemoryStore();
    store.save("counter", iv(0));
    const association = sender(store, 2);
    store.fault = new Error("full");
    equal(sealedIv(association)?.slice(-2), "01", "the first of the block");
    association.taken();
    equal(sealedIv(association)?.slice(-2), "02", "the last of the block");
    association.taken();
    store.fault = undefined;
    equal(sealedIv(association), undefined, "behind the block");
    equal(sealedIv(sender(store, 2))?.slice(-2), "03", "a restart");
  },
};

/** @returns "ok", or what went wrong */
export function runAssociationCase(title: string, seed: number): string {
  try {
    associationCases[title]!(seed);
    return "ok";
  } catch (error) {
    return String(error);
  }
}
