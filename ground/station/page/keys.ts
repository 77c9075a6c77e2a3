/** The page without a mouse: 1 to 6 are the views, `/` the search, `a` the first alarm to acknowledge, Escape goes back. */
import { useEffect } from "preact/hooks";
import { routeText, VIEWS } from "./route.js";

/** @param board that is shown */
export function useKeys(board: string | undefined): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      const { target, key } = event;
      if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]") !== null) {
        return;
      }
      if (isTyping(target)) {
        if (key === "Escape") {
          (target as HTMLElement).blur();
        }
        return;
      }
      const view = VIEWS[Number(key) - 1];
      if (view !== undefined) {
        location.hash = routeText({ view, ...(board === undefined ? {} : { board }) });
      } else if (key === "/") {
        const search = document.querySelector<HTMLInputElement>("main input[type=search]");
        search?.focus();
        search?.select();
        event.preventDefault();
      } else if (key === "a") {
        document.querySelector<HTMLElement>("main [data-alarm].open")?.focus();
      } else if (key === "Escape") {
        document.querySelector<HTMLElement>("main [data-escape]")?.click();
      }
    };
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  }, [board]);
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches("input:not([type=checkbox]), select, textarea");
}
