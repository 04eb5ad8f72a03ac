/** What a server says when it refuses: RFC 9457 problem details (api.md, Errors). */
export interface Problem {
  code: string;
  params: Record<string, unknown>;
  title: string;
  status: number;
  detail: string;
  /** The request's id, to be quoted in a report. */
  instance?: string;
  errors: { path: string; code: string; params: Record<string, unknown>; message: string }[];
  /** What belongs to the refusal: the accepted answer, the other draft. */
  details?: unknown;
}

/** A refusal, or no answer at all (`status` 0, code `offline`). */
export class ApiError extends Error {
  readonly problem: Problem;
  /** From `Retry-After`, in ms. */
  readonly retryAfterMs: number | undefined;

  constructor(problem: Problem, retryAfterMs?: number) {
    super(problem.detail);
    this.name = 'ApiError';
    this.problem = problem;
    this.retryAfterMs = retryAfterMs;
  }
}

/** The refusal that a response carries; one that is no problem document is told by its status alone. */
export async function errorOf(response: Response): Promise<ApiError> {
  const body: unknown = await response.json().catch(() => null);
  const said = (typeof body === 'object' && body !== null ? body : {}) as Partial<Problem>;
  const seconds = Number(response.headers.get('retry-after'));
  return new ApiError(
    {
      code: said.code ?? 'unexpected',
      params: said.params ?? {},
      title: said.title ?? 'The server did not answer as it should',
      status: response.status,
      detail: said.detail ?? `It answered ${response.status}.`,
      ...(said.instance === undefined ? {} : { instance: said.instance }),
      errors: said.errors ?? [],
      ...(said.details === undefined ? {} : { details: said.details }),
    },
    Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : undefined,
  );
}

/** Nobody answered. */
export function offlineError(cause: unknown): ApiError {
  const detail = 'The server cannot be reached. Your work is kept here.';
  const error = new ApiError({ code: 'offline', params: {}, title: 'No connection', status: 0, detail, errors: [] });
  error.cause = cause;
  return error;
}

export function isApiError(value: unknown, code?: string): value is ApiError {
  return value instanceof ApiError && (code === undefined || value.problem.code === code);
}
