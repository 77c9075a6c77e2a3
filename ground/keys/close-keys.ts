/** @throws what the first one throws that cannot be closed; the others are closed all the same */
export function closeKeys(keys: Iterable<{ close(): void } | undefined>): void {
  const failures: unknown[] = [];
  for (const key of keys) {
    try {
      key?.close();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) {
    throw failures[0];
  }
}
