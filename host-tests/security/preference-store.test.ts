/** The store in the Moddable SDK's `Preference`, which a map stands for here. */
import test from "ava";
import { PreferenceStore, type Preferences } from "../../modules/security/preference-store.js";

function preferences() {
  const kept = new Map<string, unknown>();
  const sdk: Preferences = {
    get: (domain, key) => kept.get(`${domain}/${key}`),
    set: (domain, key, value) => kept.set(`${domain}/${key}`, value.slice()),
    delete: (domain, key) => kept.delete(`${domain}/${key}`),
  };
  return { kept, store: new PreferenceStore(sdk) };
}

test("what is kept is there again, as a copy, until it is erased", (t) => {
  const { kept, store } = preferences();
  t.is(store.load("spi1key"), undefined);
  store.save("spi1key", Uint8Array.of(1, 2, 3));
  t.deepEqual([...kept.keys()], ["flatlink/spi1key"]);
  store.load("spi1key")?.fill(0);
  t.deepEqual(store.load("spi1key"), Uint8Array.of(1, 2, 3));
  store.erase("spi1key");
  t.is(store.load("spi1key"), undefined);
});

test("what somebody else keeps under the name, and is no octets, is not there", (t) => {
  const { kept, store } = preferences();
  kept.set("flatlink/spi1state", 2);
  t.is(store.load("spi1state"), undefined);
});

test("a part of an ArrayBuffer is refused: all of it would be kept", (t) => {
  const { kept, store } = preferences();
  t.throws(() => store.save("spi1last0", new Uint8Array(16).subarray(4)), {
    instanceOf: RangeError,
    message: "spi1last0: the octets kept must be a whole ArrayBuffer",
  });
  t.is(kept.size, 0);
});

test("the names are within what an ESP32's storage takes", (t) => {
  for (const name of ["flatlink", "spi65534state", "spi65534last0"]) {
    t.true(name.length <= 15, name);
  }
});
