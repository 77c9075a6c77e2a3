/** The values of a board, in groups. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { ParameterDefinition } from "../../../../modules/dictionary/dictionary.js";
import { limitLevel, limitText, matches, momentText, valueText } from "../format.js";
import { groupsOf } from "../grouping.js";
import { Absent, hashText } from "../parts/link.js";
import { Pure } from "../parts/pure.js";
import { Search } from "../parts/search.js";
import { Spark } from "../parts/spark.js";
import type { SampleRing } from "../ring.js";
import { routeText } from "../route.js";
import { limitsOf } from "../state.js";
import type { LatestValue } from "../wire.js";
import type { ViewProperties } from "./view.js";

export function BoardView({ board, now }: ViewProperties): JSX.Element {
  const [search, setSearch] = useState("");
  const [isLimited, setIsLimited] = useState(false);
  const { warning, critical } = limitsOf(board);
  const known = board.dictionary?.parameters ?? {};
  const isShown = (name: string, group: string): boolean => {
    const limit = board.values.get(name)?.limit;
    return matches(search, name, group) && (!isLimited || (limit !== undefined && limit !== "ok"));
  };
  const groups = groupsOf(board.dictionary, board.values)
    .map(({ name, parameters }) => ({ name, parameters: parameters.filter((one) => isShown(one, name)) }))
    .filter(({ parameters }) => parameters.length > 0);
  const isStale = board.link !== undefined && board.link.state !== "connected";
  return (
    <>
      <Absent board={board} now={now} />
      <div class="tools">
        <Search label="Search values" text={search} onText={setSearch} />
        <label class="check">
          <input type="checkbox" checked={isLimited} onChange={(event) => setIsLimited(event.currentTarget.checked)} />
          out of limits only
        </label>
        <dl class="facts inline">
          <div>
            <dt>packets</dt>
            <dd>{board.received}</dd>
          </div>
          <div>
            <dt>dictionary</dt>
            <dd data-dictionary={board.link?.dictionary ?? "unknown"}>
              <DictionaryWord word={board.link?.dictionary} />{" "}
              <span class="muted">{hashText(board.dictionaryHash)}</span>
            </dd>
          </div>
          <div>
            <dt>limits</dt>
            <dd>
              {warning + critical === 0 ? "none exceeded" : ""}
              {critical > 0 && <span class="tag critical">{critical} critical</span>}
              {warning > 0 && <span class="tag warning">{warning} warning</span>}
            </dd>
          </div>
          {board.link?.state === "connected" && (
            <div>
              <dt>link</dt>
              <dd>
                {board.link.address} <span class="muted">since {momentText(board.link.since, now)}</span>
              </dd>
            </div>
          )}
        </dl>
      </div>
      {groups.length === 0 && (
        <p class="empty">
          {board.values.size === 0 && board.dictionary === undefined ? "No values yet." : "No value is like that."}
        </p>
      )}
      <div class={`groups${isStale ? " stale" : ""}`}>
        {groups.map(({ name, parameters }) => (
          <section class="group" key={name}>
            <h2>{name}</h2>
            <table class="values">
              <tbody>
                {parameters.map((parameter) => (
                  <ValueRow
                    key={parameter}
                    board={board.name}
                    name={parameter}
                    definition={known[parameter]}
                    latest={board.values.get(parameter)}
                    ring={board.samples.get(parameter)}
                    version={board.samples.get(parameter)?.version ?? 0}
                  />
                ))}
              </tbody>
            </table>
          </section>
        ))}
      </div>
    </>
  );
}

function DictionaryWord({ word }: { readonly word: "same" | "wrong" | undefined }): JSX.Element {
  switch (word) {
    case "same":
      return <span>same</span>;
    case "wrong":
      return <span class="tag critical">mismatch</span>;
    default:
      return <span class="muted">not said yet</span>;
  }
}

interface RowProperties {
  readonly board: string;
  readonly name: string;
  readonly definition: ParameterDefinition | undefined;
  readonly latest: LatestValue | undefined;
  readonly ring: SampleRing | undefined;
  readonly version: number;
}

class ValueRow extends Pure<RowProperties> {
  render(): JSX.Element {
    const { board, name, definition, latest, ring, version } = this.props;
    const level = limitLevel(latest?.limit);
    const said = limitText(latest?.limit);
    // Several numbers have no line, and need its place.
    const isWide = definition?.count !== undefined || latest?.parts !== undefined;
    const width = latest?.parts !== undefined ? 3 : isWide ? 2 : 1;
    return (
      <tr data-parameter={name} class={level}>
        <th scope="row" title={definition?.description === undefined ? name : `${name}: ${definition.description}`}>
          <a href={routeText({ view: "plot", board, parameters: [name] })}>{name}</a>
        </th>
        {!isWide && (
          <td class="line">
            <Spark ring={ring} version={version} />
          </td>
        )}
        <td class={isWide ? "value wide" : "value"} colSpan={width} data-value={latest === undefined ? undefined : ""}>
          {said !== "" && <span class={`tag ${level}`}>{said.replace("critical", "crit")}</span>}
          {latest?.parts === undefined ? (
            <span>{latest === undefined ? "-" : valueText(latest)}</span>
          ) : (
            latest.parts.map((part) => (
              <span class="part" key={part.name}>
                <span class="muted">{part.name}</span> {valueText(part)}
              </span>
            ))
          )}
        </td>
        {width < 3 && <td class="unit">{latest?.unit ?? definition?.unit ?? ""}</td>}
      </tr>
    );
  }
}
