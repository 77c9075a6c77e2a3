/** Tells an address from a name, so that a desktop refuses what a board would. */

const IPV4_PART = /^\d{1,3}$/;
const IPV6_TEXT = /^[0-9a-fA-F:]+(?:\.\d{1,3}){0,3}(?:%\w+)?$/;

export function isNumericAddress(text: string): boolean {
  const parts = text.split(".");
  if (parts.length === 4 && parts.every((part) => IPV4_PART.test(part) && Number(part) < 256)) {
    return true;
  }
  return text.includes(":") && IPV6_TEXT.test(text);
}
