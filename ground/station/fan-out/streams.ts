/** The broker's streams: made where there are none. Whoever runs the broker may have made them otherwise, or change them: they stay. */
import type { JetStreamManager, StreamConfig } from "@nats-io/jetstream";
import type { Nats } from "./load-nats.js";
import { ALL_DICTIONARIES, ALL_EVENTS, ALL_LINKS, ALL_TELEMETRY, STATE_STREAM, STREAM } from "./subjects.js";

const SECOND = 1_000_000_000;
const DAY = 86_400 * SECOND;
const MEBIBYTE = 1 << 20;

/** What is kept at most; the oldest goes. */
export const STREAM_DAYS = 7;
export const STREAM_MEBIBYTES = 1024;
/** A packet that is published again within this time is not there twice: longer than a station needs to start again. */
export const DUPLICATES_MINUTES = 10;

/** @throws (rejects) what the broker says: there is no JetStream, or no room */
export async function makeStreams(manager: JetStreamManager, { jetStream }: Nats): Promise<void> {
  const { StorageType, DiscardPolicy } = jetStream;
  const common = { storage: StorageType.File, discard: DiscardPolicy.Old };
  await makeStream(manager, {
    ...common,
    name: STREAM,
    description: "packets and events of flatlink's boards",
    subjects: [ALL_TELEMETRY, ALL_EVENTS],
    max_age: STREAM_DAYS * DAY,
    max_bytes: STREAM_MEBIBYTES * MEBIBYTE,
    duplicate_window: DUPLICATES_MINUTES * 60 * SECOND,
  });
  await makeStream(manager, {
    ...common,
    name: STATE_STREAM,
    description: "how flatlink's boards are connected, and their dictionaries",
    subjects: [ALL_LINKS, ALL_DICTIONARIES],
    max_msgs_per_subject: 1,
    max_bytes: 256 * MEBIBYTE,
  });
}

async function makeStream(manager: JetStreamManager, config: Partial<StreamConfig> & { name: string }): Promise<void> {
  try {
    await manager.streams.info(config.name);
  } catch (error) {
    if (!isNotFound(error)) {
      throw error;
    }
    await manager.streams.add(config);
  }
}

export function isNotFound(error: unknown): boolean {
  return /stream not found/.test((error as Error).message);
}
