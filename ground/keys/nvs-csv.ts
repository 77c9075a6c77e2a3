/**
 * A board's records as CSV, of which Espressif's nvs_partition_gen.py makes the image of an NVS partition: columns key, type,
 * encoding and value; a line that begins a namespace; each record as hexadecimal digits, which become a blob.
 */
import { createFile } from "../../host/kept-file.js";
import { STORE_NAMESPACE } from "../../modules/security/preference-store.js";
import { KeyError } from "./key-error.js";
import { type ListedStore, type Provision, provisionStore } from "./provision.js";

/** Writes a file that only this user may read: the key is in it. @throws KeyError */
export function writeNvsCsv(output: string, provision: Provision): void {
  const text = nvsCsv(provision);
  try {
    createFile(output, text);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new KeyError(code === "EEXIST" ? `${output} is there already: give another name` : message);
  } finally {
    text.fill(0);
  }
}

/** @returns the text's octets, which the caller overwrites */
export function nvsCsv(provision: Provision): Buffer {
  const records = new Map<string, Uint8Array>();
  const store: ListedStore = {
    load: (name) => records.get(name)?.slice(),
    save: (name, octets) => void records.set(name, octets.slice()),
    erase: (name) => void records.delete(name),
    names: () => [...records.keys()],
  };
  provisionStore(store, provision);
  const lines = [...records].map(([name, octets]) => `${name},data,hex2bin,${Buffer.from(octets).toString("hex")}\n`);
  return Buffer.from(["key,type,encoding,value\n", `${STORE_NAMESPACE},namespace,,\n`, ...lines].join(""));
}
