/** The field that a view is searched with: `/` goes there, Escape empties it and leaves. */
import type { JSX } from "preact";

export interface SearchProperties {
  readonly label: string;
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly onEnter?: () => void;
}

export function Search({ label, text, onText, onEnter }: SearchProperties): JSX.Element {
  return (
    <input
      class="search"
      type="search"
      aria-label={label}
      placeholder={`${label}  /`}
      autocomplete="off"
      spellcheck={false}
      value={text}
      onInput={(event) => onText(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === "Escape") {
          onText("");
          event.currentTarget.blur();
          event.stopPropagation();
        } else if (event.key === "Enter") {
          onEnter?.();
        }
      }}
    />
  );
}
