/** Asks once more before a dangerous command goes out. */
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";

interface ConfirmationProperties {
  readonly board: string;
  readonly command: string;
  readonly reason: string;
  readonly onSend: () => void;
  readonly onCancel: () => void;
}

export function Confirmation({ board, command, reason, onSend, onCancel }: ConfirmationProperties): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} onCancel={onCancel} aria-labelledby="confirmation" data-confirmation={command}>
      <h2 id="confirmation">
        Send {command} to {board}?
      </h2>
      <p>
        <strong>Dangerous:</strong> {reason}
      </p>
      <div class="row">
        {/* Enter by mistake sends nothing. */}
        {/* biome-ignore lint/a11y/noAutofocus: a dialog focuses something, and this is the harmless one */}
        <button type="button" onClick={onCancel} autoFocus>
          Cancel
        </button>
        <button type="button" class="danger" onClick={onSend}>
          Send {command}
        </button>
      </div>
    </dialog>
  );
}
