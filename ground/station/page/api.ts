/** Questions to the station. */

/** What the station says is wrong: one line, and the argument that it is about. */
export class ApiError extends Error {
  readonly status: number;
  readonly argument: string | undefined;
  /** Why a command needs a confirmation. */
  readonly dangerous: string | undefined;

  constructor(status: number, message: string, argument?: string, dangerous?: string) {
    super(message);
    this.status = status;
    this.argument = argument;
    this.dangerous = dangerous;
  }
}

interface ErrorBody {
  readonly error?: string;
  readonly argument?: string;
  readonly dangerous?: string;
}

/** @throws (rejects) ApiError; TypeError where the station does not answer */
export async function get<Answer>(address: string): Promise<Answer> {
  return answerOf<Answer>(await fetch(address));
}

/** @throws (rejects) ApiError; TypeError where the station does not answer */
export async function post<Answer>(address: string, body: unknown = {}): Promise<Answer> {
  const headers = { "Content-Type": "application/json" };
  return answerOf<Answer>(await fetch(address, { method: "POST", headers, body: JSON.stringify(body) }));
}

async function answerOf<Answer>(response: Response): Promise<Answer> {
  if (response.status === 204) {
    return undefined as Answer;
  }
  const body: unknown = await response.json().catch(() => undefined);
  if (response.ok) {
    return body as Answer;
  }
  const { error, argument, dangerous } = (body ?? {}) as ErrorBody;
  throw new ApiError(response.status, error ?? `the station answers ${response.status}`, argument, dangerous);
}

/** For people, in one line. */
export function failureText(error: unknown): string {
  if (error instanceof ApiError) {
    return error.message;
  }
  return "the station does not answer";
}
