/** One command: its arguments, its octets, and the button. */
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Command } from "../../contracts.js";
import { ApiError, failureText, post } from "../api.js";
import { spacedHex } from "../format.js";
import { type Input, inputOf, missingOf, saidArguments } from "../inputs.js";
import { ofBoard } from "../query.js";
import { routeText } from "../route.js";
import type { BoardState } from "../state.js";
import type { CommandEntry } from "../wire.js";
import { Confirmation } from "./confirmation.js";

/** Between two letters somebody types. */
const PREVIEW_MS = 120;

interface FormProperties {
  readonly board: BoardState;
  readonly command: CommandEntry;
}

interface Problem {
  readonly text: string;
  readonly argument: string | undefined;
}

export function CommandForm({ board, command }: FormProperties): JSX.Element {
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>({});
  const [hex, setHex] = useState<string | undefined>(undefined);
  const [problem, setProblem] = useState<Problem | undefined>(undefined);
  const [danger, setDanger] = useState<string | undefined>(undefined);
  const [isSending, setIsSending] = useState(false);
  const first = useRef<HTMLFormElement>(null);
  const inputs = command.arguments.map(inputOf);
  const missing = missingOf(inputs, typed);
  const said = JSON.stringify(saidArguments(inputs, typed));
  const { name } = command;

  useEffect(() => {
    // On a phone, and for the keyboard: what comes next is the form.
    first.current?.querySelector<HTMLElement>("input, select, button[type=submit]")?.focus();
  }, []);

  useEffect(() => {
    if (missing !== undefined) {
      setHex(undefined);
      setProblem(undefined);
      return;
    }
    let isOver = false;
    const timer = setTimeout(() => {
      post<{ hex: string }>(ofBoard(board.name, ["preview"]), { name, arguments: JSON.parse(said) }).then(
        (answer) => {
          if (!isOver) {
            setHex(answer.hex);
            setProblem(undefined);
          }
        },
        (error: unknown) => {
          if (!isOver) {
            setHex(undefined);
            setProblem(problemOf(error));
          }
        },
      );
    }, PREVIEW_MS);
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [board.name, name, said, missing]);

  const send = async (confirm: boolean): Promise<void> => {
    setDanger(undefined);
    setIsSending(true);
    try {
      const body = { name, arguments: JSON.parse(said), ...(confirm ? { confirm } : {}) };
      board.commands.add(await post<Command>(ofBoard(board.name, ["commands"]), body));
      setProblem(undefined);
    } catch (error) {
      if (error instanceof ApiError && error.status === 409 && error.dangerous !== undefined) {
        setDanger(error.dangerous);
      } else {
        setProblem(problemOf(error));
      }
    }
    setIsSending(false);
  };

  return (
    <form
      class="command"
      ref={first}
      data-form={name}
      onSubmit={(event) => {
        event.preventDefault();
        if (missing === undefined && !isSending) {
          if (command.dangerous === undefined) {
            void send(false);
          } else {
            setDanger(command.dangerous);
          }
        }
      }}
    >
      <header>
        <h2>{name}</h2>
        <span class="muted">
          TC[{command.serviceType},{command.subtype}], {command.service}
        </span>
        <a class="button" href={routeText({ view: "commands", board: board.name })} data-escape>
          Close
        </a>
      </header>
      {command.description !== undefined && <p>{command.description}</p>}
      {command.dangerous !== undefined && (
        <p class="notice critical">
          <strong>Dangerous:</strong> {command.dangerous}
        </p>
      )}
      {inputs.map((input) => (
        <Field
          key={input.name}
          input={input}
          text={typed[input.name] ?? ""}
          problem={problem?.argument === input.name ? problem.text : undefined}
          onText={(text) => setTyped({ ...typed, [input.name]: text })}
        />
      ))}
      {inputs.length === 0 && <p class="muted">No arguments.</p>}
      {problem !== undefined && !inputs.some((input) => input.name === problem.argument) && (
        <p class="notice critical" role="alert" data-problem>
          {problem.text}
        </p>
      )}
      <p class="preview" data-preview={hex === undefined ? undefined : hex}>
        <span class="muted">octets</span>{" "}
        <code>{hex === undefined ? (missing === undefined ? "-" : `needs ${missing}`) : spacedHex(hex)}</code>
      </p>
      <div class="row">
        <button type="submit" class="primary" disabled={missing !== undefined || isSending}>
          {command.dangerous === undefined ? "Send" : "Send..."}
        </button>
        {board.link?.state !== "connected" && <span class="muted">not connected: it would fail</span>}
        {board.link?.dictionary === "wrong" && <span class="tag critical">dictionary mismatch</span>}
      </div>
      {danger !== undefined && (
        <Confirmation
          board={board.name}
          command={name}
          reason={danger}
          onSend={() => void send(true)}
          onCancel={() => setDanger(undefined)}
        />
      )}
    </form>
  );
}

function problemOf(error: unknown): Problem {
  return { text: failureText(error), argument: error instanceof ApiError ? error.argument : undefined };
}

interface FieldProperties {
  readonly input: Input;
  readonly text: string;
  readonly problem: string | undefined;
  readonly onText: (text: string) => void;
}

function Field({ input, text, problem, onText }: FieldProperties): JSX.Element {
  const { name, kind, choices, unit, hint, fallback, isNeeded } = input;
  const id = `argument-${name}`;
  const shared = {
    id,
    name,
    "aria-invalid": problem === undefined ? undefined : true,
    "aria-describedby": `${id}-hint`,
  } as const;
  return (
    <div class="field">
      <label for={id}>
        {name}
        {isNeeded ? "" : <span class="muted"> optional</span>}
      </label>
      <span class="entry">
        {kind === "choice" ? (
          <select {...shared} value={text} onChange={(event) => onText(event.currentTarget.value)}>
            <option value="">{fallback === undefined ? "choose" : `default: ${fallback}`}</option>
            {choices.map((choice) => (
              <option key={choice} value={choice}>
                {choice}
              </option>
            ))}
          </select>
        ) : (
          <input
            {...shared}
            type="text"
            autocomplete="off"
            spellcheck={false}
            value={text}
            placeholder={fallback === undefined ? "" : `default: ${fallback}`}
            {...(kind === "words" ? { list: `${id}-words` } : {})}
            onInput={(event) => onText(event.currentTarget.value)}
          />
        )}
        {unit !== undefined && <span class="unit">{unit}</span>}
      </span>
      {kind === "words" && (
        <datalist id={`${id}-words`}>
          {choices.map((choice) => (
            <option key={choice} value={choice} />
          ))}
        </datalist>
      )}
      <span class={problem === undefined ? "hint" : "hint wrong"} id={`${id}-hint`}>
        {problem ?? hint}
      </span>
    </div>
  );
}
