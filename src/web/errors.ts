import type { ErrorRequestHandler } from 'express';
import { Fault } from '../base/errors';
import { faultFields } from '../base/log';
import { identityOf, surfaceOf } from './guard';
import { Problem, sendProblem } from './problem';
import { badCursor } from './query';
import { requestIdOf, routePatternOf } from './request-log';
import type { WebContext } from './web-context';

const TITLES: Readonly<Record<number, string>> = {
  400: 'That address is not right',
  401: 'Please sign in',
  403: 'Not allowed',
  404: 'Page not found',
  405: 'That does not work here',
  409: 'That is not possible now',
  413: 'Too much was sent',
  503: 'Not available at the moment',
};

/** The last resort: everything that was thrown becomes an answer; what nobody foresaw is logged under the request's id. */
export function errorHandler(web: WebContext): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    const problem = problemOf(error);
    const requestId = requestIdOf(response);
    if (problem.status >= 500 && problem.status !== 501) {
      web.log[problem.status === 503 ? 'warn' : 'error']('request-failed', {
        requestId,
        route: routePatternOf(response),
        ...faultFields(error),
        at: firstFrame(error),
      });
    }
    if (response.headersSent) return next(error);
    if (surfaceOf(request.path) === 'api' || problem.status === 401) return sendProblem(response, problem, requestId);
    const title = TITLES[problem.status] ?? 'Something went wrong here';
    web.pages.send(
      response,
      identityOf(response),
      'error',
      { title, status: problem.status },
      {
        heading: title,
        message: problem.message,
        remedy: problem.remedy ?? null,
        code: problem.code,
        requestId: problem.status >= 500 ? requestId : null,
      },
    );
  };
}

function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof Fault) {
    if (error.code === 'BAD_CURSOR') return badCursor();
    if (error.retryable) return new Problem(503, error.code, error.message, error.remedy);
  }
  const status = statusOf(error);
  if (status === 413) return new Problem(413, 'BODY_TOO_LARGE', 'More was sent than this address takes.');
  if (status !== null) return new Problem(400, 'BAD_REQUEST', 'The request could not be understood.');
  return new Problem(
    500,
    'INTERNAL_ERROR',
    'The request could not be answered because of a fault in the server.',
    'Try again. If it happens again, give the id of this error to whoever runs the server.',
  );
}

/** express and its parsers mark what the client did wrong with a 4xx `status`. */
function statusOf(error: unknown): number | null {
  const status = (error as { status?: unknown } | null)?.status;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : null;
}

/** Where it was thrown. Never the message: a driver may have put a value into it. */
function firstFrame(error: unknown): string | undefined {
  const stack = error instanceof Error ? error.stack : undefined;
  return /^\s+at .*$/m.exec(stack ?? '')?.[0].trim();
}
