import { STATUS_CODES } from 'node:http';
import type { Response } from 'express';

/**
 * A request that ends in an error the caller can understand. The sentence never repeats what was sent: an identifier
 * typed in the wrong place must not come back in an answer or a log line.
 */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly remedy: string | undefined;

  constructor(status: number, code: string, message: string, remedy?: string) {
    super(message);
    this.name = 'Problem';
    this.status = status;
    this.code = code;
    this.remedy = remedy;
  }
}

export const notFound = (): Problem => new Problem(404, 'NOT_FOUND', 'There is nothing at this address.');

/** RFC 9457, with the stable `code` and the id under which the log knows the request. */
export function sendProblem(response: Response, problem: Problem, requestId: string): void {
  response
    .status(problem.status)
    .type('application/problem+json')
    .send(
      JSON.stringify({
        type: 'about:blank',
        title: STATUS_CODES[problem.status] ?? 'Error',
        status: problem.status,
        code: problem.code,
        detail: problem.message,
        ...(problem.remedy === undefined ? {} : { remedy: problem.remedy }),
        requestId,
      }),
    );
}
