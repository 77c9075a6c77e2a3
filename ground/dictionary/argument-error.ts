/** What is wrong with a command that somebody wants to send: a message of one line, which names the argument and says what would do. */
export class ArgumentError extends RangeError {
  override name = "ArgumentError";
  /** The argument; undefined: the command itself. */
  readonly argument: string | undefined;

  constructor(argument: string | undefined, message: string) {
    super(message);
    this.argument = argument;
  }
}
