/** A payload read and written through a view, against a DataView by hand and against objects. */
import { VALID_PAYLOAD } from "../../modules/data/payload-status.js";
import { Structure } from "../../modules/data/structure.js";
import type { BenchCase } from "./bench-case.js";
import { laidOut, workCase } from "./parsing-cases.js";

const COUNT = 64;
const LENGTH = 26;

const sample = new Structure({
  name: "sample",
  fields: [
    { type: "constant", value: [0xfd, 0xaa] },
    { name: "number", type: "uint32" },
    {
      type: "uint16",
      bits: [
        { name: "mode", width: 4 },
        { name: "flags", width: 12 },
      ],
    },
    { name: "axes", type: "int16", count: 3, endianness: "little" },
    { name: "temperature", type: "float32" },
    { name: "time", type: "float64" },
  ],
});

/** Each case has a memory of its own, so each makes what works on it. */
function workOn(memory: Uint8Array) {
  const view = sample.view(memory);
  const data = new DataView(memory.buffer);
  const number = sample.field("number");
  const mode = sample.field("mode");
  const flags = sample.field("flags");
  const axes = sample.field("axes");
  const temperature = sample.field("temperature");
  const time = sample.field("time");
  return {
    readView(bytes: Uint8Array, start: number, end: number): number {
      if (view.attach(bytes, start, end) !== VALID_PAYLOAD) {
        return -1;
      }
      const sum = view.get(axes, 0) + view.get(axes, 1) + view.get(axes, 2);
      return view.get(number) + view.get(mode) + view.get(flags) + sum + view.get(temperature) + view.get(time);
    },
    readByHand(_bytes: Uint8Array, at: number, end: number): number {
      if (end - at !== LENGTH || data.getUint16(at) !== 0xfdaa) {
        return -1;
      }
      const bits = data.getUint16(at + 6);
      const sum = data.getInt16(at + 8, true) + data.getInt16(at + 10, true) + data.getInt16(at + 12, true);
      const floats = data.getFloat32(at + 14) + data.getFloat64(at + 18);
      return data.getUint32(at + 2) + (bits >> 12) + (bits & 0xfff) + sum + floats;
    },
    readObject(bytes: Uint8Array, start: number, end: number): number {
      const one = sample.decode(bytes, start, end);
      const sum = (one.axes[0] as number) + (one.axes[1] as number) + (one.axes[2] as number);
      return one.number + one.mode + one.flags + sum + one.temperature + one.time;
    },
    writeView(bytes: Uint8Array, start: number, end: number): number {
      view.begin(bytes, start, end);
      view.set(number, start);
      view.set(mode, 5);
      view.set(flags, 0x123);
      for (let i = 0; i < 3; i++) {
        view.set(axes, i - 1, i);
      }
      view.set(temperature, 21.5);
      view.set(time, start + 0.25);
      return (bytes[start] as number) + (bytes[start + 5] as number) + (bytes[end - 3] as number);
    },
    writeByHand(bytes: Uint8Array, at: number, end: number): number {
      data.setUint16(at, 0xfdaa);
      data.setUint32(at + 2, at);
      data.setUint16(at + 6, (5 << 12) | 0x123);
      for (let i = 0; i < 3; i++) {
        data.setInt16(at + 8 + 2 * i, i - 1, true);
      }
      data.setFloat32(at + 14, 21.5);
      data.setFloat64(at + 18, at + 0.25);
      return (bytes[at] as number) + (bytes[at + 5] as number) + (bytes[end - 3] as number);
    },
  };
}

export function payloadCases(): BenchCase[] {
  const one = { number: 7, mode: 5, flags: 0x123, axes: [1, -2, 3], temperature: 21.5, time: 1.5 };
  const samples = Array.from({ length: COUNT }, (_, i) => [...sample.encode({ ...one, number: i })]);
  const byHand = "DataView by hand";
  const memories = [0, 1, 2].map(() => laidOut(samples, LENGTH)) as [Uint8Array, Uint8Array, Uint8Array];
  const [first, second, third] = memories.map(workOn) as [Work, Work, Work];
  return [
    workCase("payload read, by hand", memories[0], LENGTH, byHand, first.readView, first.readByHand),
    workCase("payload read, objects", memories[1], LENGTH, "an object a packet", second.readView, second.readObject),
    workCase("payload written", memories[2], LENGTH, byHand, third.writeView, third.writeByHand),
  ];
}

type Work = ReturnType<typeof workOn>;
