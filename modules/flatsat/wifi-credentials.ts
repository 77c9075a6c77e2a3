/** What IEEE 802.11 and WPA have for the name of a network and for its password, counted as they count: in octets. */
import { encodeText } from "../text/text.js";

const MAX_SSID_OCTETS = 32;
const MIN_PASSPHRASE_OCTETS = 8;
const MAX_PASSPHRASE_OCTETS = 63;

/** @throws TypeError when no network can have this name */
export function checkSsid(ssid: string): void {
  const octets = encodeText(ssid).length;
  if (octets < 1 || octets > MAX_SSID_OCTETS) {
    throw new TypeError(`wifi_ssid must have 1 to ${MAX_SSID_OCTETS} octets, not ${octets}`);
  }
}

/** @throws TypeError when it is neither a passphrase nor a key; the password itself is not in the message */
export function checkPassword(password: string): void {
  const octets = encodeText(password).length;
  // A key as it is, not made from a passphrase.
  const isKey = /^[0-9a-fA-F]{64}$/.test(password);
  if ((octets < MIN_PASSPHRASE_OCTETS || octets > MAX_PASSPHRASE_OCTETS) && !isKey) {
    throw new TypeError(
      `wifi_password must have ${MIN_PASSPHRASE_OCTETS} to ${MAX_PASSPHRASE_OCTETS} octets, or be a key of 64 ` +
        `hexadecimal digits, not ${octets} octets`,
    );
  }
}
