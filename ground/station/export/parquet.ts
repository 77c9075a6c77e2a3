/** A table as Apache Parquet: times are timestamps, numbers doubles, everything else text. */
import { ByteWriter, ParquetWriter, type SchemaElement } from "hyparquet-writer";
import type { KnownParameter } from "../archive/in-unit.js";
import { type WideQuery, wideRows } from "./wide-rows.js";

/** Rows of a group: as many are in memory at once. */
const GROUP = 50_000;

/**
 * The file in pieces, in their order.
 * @param query its parameters' units are in the file's metadata
 */
export function* parquetPieces(query: WideQuery): Generator<Uint8Array> {
  const { parameters } = query;
  const bytes = new ByteWriter();
  const writer = new ParquetWriter({
    writer: bytes,
    schema: schemaOf(parameters),
    kvMetadata: parameters.flatMap(({ name, definition: { unit } }) =>
      unit === undefined ? [] : [{ key: `unit.${name}`, value: unit }],
    ),
    createdBy: "flatlink",
  });
  for (const group of groups(query)) {
    writer.write({ columnData: group, rowGroupSize: GROUP });
    yield taken(bytes);
  }
  writer.finish();
  yield taken(bytes);
}

function isNumber({ definition: { type, count } }: KnownParameter): boolean {
  // Integers of 64 bits may be beyond what a double holds.
  return count === undefined && !["ascii", "bytes", "uint64", "int64"].includes(type);
}

function schemaOf(parameters: readonly KnownParameter[]): SchemaElement[] {
  return [
    { name: "root", num_children: parameters.length + 1 },
    { name: "time", type: "INT64", converted_type: "TIMESTAMP_MILLIS", repetition_type: "REQUIRED" },
    ...parameters.map(
      (parameter): SchemaElement =>
        isNumber(parameter)
          ? { name: parameter.name, type: "DOUBLE", repetition_type: "OPTIONAL" }
          : { name: parameter.name, type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "OPTIONAL" },
    ),
  ];
}

interface Column {
  readonly name: string;
  readonly data: unknown[];
}

function* groups(query: WideQuery): Generator<Column[]> {
  const { parameters } = query;
  const areNumbers = parameters.map(isNumber);
  const empty = (): [Column, Column[]] => [
    { name: "time", data: [] },
    parameters.map(({ name }) => ({ name, data: [] })),
  ];
  let [times, columns] = empty();
  for (const { time, values } of wideRows(query)) {
    times.data.push(new Date(time));
    columns.forEach(({ data }, k) => {
      data.push(plain(values[k], areNumbers[k]!));
    });
    if (times.data.length === GROUP) {
      yield [times, ...columns];
      [times, columns] = empty();
    }
  }
  if (times.data.length > 0) {
    yield [times, ...columns];
  }
}

function plain(value: unknown, isNumeric: boolean): unknown {
  if (value === undefined || value === null) {
    return undefined;
  }
  if (isNumeric) {
    return Number(value);
  }
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** What was written since; the writer goes on counting where it is in the file. */
function taken(writer: ByteWriter): Uint8Array {
  const piece = writer.getBytes().slice();
  writer.index = 0;
  return piece;
}
