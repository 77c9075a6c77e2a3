/** Programs that a suite has started, ended whatever happens. */

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

export interface Running {
  stop(): Promise<void>;
}

/**
 * Does the work, and ends what it started then: also when it throws, or the process is to end. They are process groups of their own,
 * which Ctrl-C does not reach.
 * @param work puts what it starts into the list
 */
export async function whileRunning<Result>(work: (running: Running[]) => Promise<Result>): Promise<Result> {
  const running: Running[] = [];
  const end = async (): Promise<void> => {
    await Promise.all(running.map((each) => each.stop()));
  };
  const exit = (): never => process.exit(1);
  // Ending them takes no time.
  process.on("exit", end);
  for (const signal of SIGNALS) {
    process.on(signal, exit);
  }
  try {
    return await work(running);
  } finally {
    await end();
    process.off("exit", end);
    for (const signal of SIGNALS) {
      process.off(signal, exit);
    }
  }
}
