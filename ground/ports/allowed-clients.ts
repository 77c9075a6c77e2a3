/** Who may connect to a port for tools from beyond this computer. */
import { BlockList, isIP } from "node:net";
import { isLocal } from "./local-host.js";

const BITS = { 4: 32, 6: 128 } as const;

export class AllowedClients {
  /** A list of addresses, whatever Node calls it. */
  readonly #list = new BlockList();

  /**
   * @param ranges as `192.168.4.0/24`, or an address alone
   * @throws RangeError in one line for one that is none
   */
  constructor(ranges: readonly string[]) {
    this.#list.addSubnet("127.0.0.0", 8);
    this.#list.addAddress("::1", "ipv6");
    for (const range of ranges) {
      const [address = "", bits, ...more] = range.split("/");
      const family = isIP(address) as 0 | 4 | 6;
      const most = family === 0 ? 0 : BITS[family];
      const prefix = bits === undefined ? most : /^\d{1,3}$/.test(bits) ? Number(bits) : Number.NaN;
      if (family === 0 || more.length > 0 || !(prefix >= 0 && prefix <= most)) {
        throw new RangeError(`"${range}" must be an address, or ADDRESS/BITS, as in 192.168.4.0/24`);
      }
      this.#list.addSubnet(address, prefix, family === 4 ? "ipv4" : "ipv6");
    }
  }

  has(address: string): boolean {
    const family = isIP(address);
    return family !== 0 && this.#list.check(address, family === 4 ? "ipv4" : "ipv6");
  }
}

/**
 * @param hosts that ports for tools are bound to
 * @param ranges as of `AllowedClients`
 * @param what such a port is called
 * @param option that names who may connect
 * @throws Error in one line: a port can be reached from beyond this computer, and nobody is named who may
 */
export function allowedClients(
  hosts: readonly string[],
  ranges: readonly string[],
  what = "a relay port",
  option = "--relay-from",
): AllowedClients {
  const open = hosts.find((host) => !isLocal(host));
  if (open !== undefined && ranges.length === 0) {
    throw new Error(
      `${what} on ${open} is beyond this computer, and whoever reaches it commands the board: name who may, as in ${option} 192.168.4.0/24`,
    );
  }
  return new AllowedClients(ranges);
}
