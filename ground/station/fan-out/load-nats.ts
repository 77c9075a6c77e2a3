/** NATS's own client, which a station without a broker does without. */
import type * as JetStream from "@nats-io/jetstream";
import type * as Transport from "@nats-io/transport-node";

export interface Nats {
  readonly transport: typeof Transport;
  readonly jetStream: typeof JetStream;
}

type Import = () => Promise<Nats>;

const fromPackages: Import = async () => ({
  transport: await import("@nats-io/transport-node"),
  jetStream: await import("@nats-io/jetstream"),
});

/** @throws (rejects) Error in one line: the packages are not there */
export async function loadNats(load: Import = fromPackages): Promise<Nats> {
  try {
    return await load();
  } catch (error) {
    const [why] = (error as Error).message.split("\n");
    throw new Error(
      `a broker needs two packages: npm install @nats-io/transport-node@3.3.1 @nats-io/jetstream@3.3.1 (${why})`,
    );
  }
}
