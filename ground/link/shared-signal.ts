/**
 * One listener on an AbortSignal for all that wait under it: many waits on one signal are in order, while Node warns of more
 * than ten listeners, and takes longer for each the more there are.
 */

const listening = new WeakMap<AbortSignal, { readonly callbacks: Set<() => void>; readonly listener: () => void }>();

/** @param callback a function of its own for each wait; throws nothing */
export function listenForAbort(signal: AbortSignal, callback: () => void): void {
  let shared = listening.get(signal);
  if (shared === undefined) {
    const callbacks = new Set<() => void>();
    const listener = () => {
      for (const each of callbacks) {
        each();
      }
    };
    shared = { callbacks, listener };
    listening.set(signal, shared);
    signal.addEventListener("abort", listener);
  }
  shared.callbacks.add(callback);
}

/** The signal keeps nothing of us when nobody waits any more. */
export function stopListening(signal: AbortSignal, callback: () => void): void {
  const shared = listening.get(signal);
  if (shared?.callbacks.delete(callback) && shared.callbacks.size === 0) {
    listening.delete(signal);
    signal.removeEventListener("abort", shared.listener);
  }
}
