/** What the views are drawn by: news, the clock, the address. */
import { useEffect, useState } from "preact/hooks";
import { parseRoute, type Route } from "../route.js";
import type { Store } from "../store.js";

/** Draws again with everything that is new, at most once a frame. */
export function useNews(store: Store): void {
  const [, set] = useState(0);
  useEffect(() => store.listen(() => set((n) => n + 1)), [store]);
}

/** @returns now, UNIX milliseconds, as often as asked for */
export function useNow(everyMs: number): number {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

export function useRoute(): Route {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const changed = (): void => setHash(location.hash);
    addEventListener("hashchange", changed);
    return () => removeEventListener("hashchange", changed);
  }, []);
  return parseRoute(hash);
}
