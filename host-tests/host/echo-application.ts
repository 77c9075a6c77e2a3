/** An application for tests of the runners: echoes, reports what its sockets are told, and can be told to misbehave. */
import type { Platform, RunningApplication } from "../../host/engine/application.js";
import type { TcpSocket } from "../../modules/link/connection/io.js";

export interface EchoSettings {
  readonly port: number;
  /** Milliseconds; absent: no timer. */
  readonly tickMs?: number;
  /** Throw from `start`. */
  readonly fails?: string;
  /** Listen, close, and listen again on the same port at once. */
  readonly twice?: boolean;
  /** Wait inside `start` until the clock has moved by so many milliseconds. */
  readonly waitMs?: number;
}

interface Session {
  unread: number;
  budget: number;
  ended: boolean;
}

type Socket = TcpSocket & { readonly target: Session };

/** More rounds of a loop than any machine makes in a second. */
const MANY_ROUNDS = 50_000_000;

/** Bytes that make the application throw, and that make it loop for ever. */
const THROW = 0xfe;
const HANG = 0xff;

function echo(socket: Socket): void {
  const session = socket.target;
  while (session.unread > 0 && session.budget > 0) {
    const view = new Uint8Array(Math.min(session.unread, session.budget));
    socket.read(view);
    session.unread -= view.length;
    if (view[0] === THROW) {
      throw new Error("told to throw");
    }
    while (view[0] === HANG) {
      // Told to.
    }
    session.budget = socket.write(view) as number;
  }
  if (session.ended && session.unread === 0) {
    socket.close();
  }
}

export function start(settings: unknown, platform: Platform): RunningApplication {
  const { port, tickMs, fails, twice, waitMs = 0 } = settings as EchoSettings;
  const { io, ticker, clock, report } = platform;
  if (fails !== undefined) {
    throw new RangeError(fails);
  }
  const since = clock();
  for (let round = 0; clock() - since < waitMs; round++) {
    if (round === MANY_ROUNDS) {
      throw new Error("the clock stands still");
    }
  }
  const open = (at: number) =>
    new io.Listener({
      port: at,
      address: "127.0.0.1",
      target: undefined,
      onReadable() {
        const from = this.read();
        report({ event: "accepted", remoteAddress: from.remoteAddress, remotePort: from.remotePort });
        new io.TCP<Session>({
          from,
          nodelay: true,
          target: { unread: 0, budget: 0, ended: false },
          onReadable(count) {
            this.target.unread = count;
            echo(this);
          },
          onWritable(count) {
            this.target.budget = count;
            echo(this);
          },
          onEnd() {
            this.target.ended = true;
            report({ event: "end" });
            echo(this);
          },
          onError() {
            report({ event: "error" });
            this.close();
          },
        });
      },
    });
  let listener = open(port);
  if (twice === true) {
    const same = listener.port;
    listener.close();
    listener = open(same);
  }
  const timer =
    tickMs === undefined ? undefined : ticker.start(tickMs, () => report({ event: "tick", clock: clock() }));
  report({ event: "listening", port: listener.port, text: "späť ✓" });
  return {
    stop() {
      timer?.stop();
      listener.close();
      report({ event: "stopped" });
    },
  };
}
