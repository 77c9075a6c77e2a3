/** A value in a few words, for messages. */
export function show(value: unknown): string {
  if (typeof value === "string") {
    return value.length > 40
      ? `${JSON.stringify(value.slice(0, 40))}... (${value.length} long)`
      : JSON.stringify(value);
  }
  if (typeof value === "object" && value !== null) {
    return ArrayBuffer.isView(value)
      ? `${value.byteLength} bytes`
      : Array.isArray(value)
        ? `an array of ${value.length}`
        : "an object";
  }
  return typeof value === "function" ? "a function" : `${String(value)}${typeof value === "bigint" ? "n" : ""}`;
}
