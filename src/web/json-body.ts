import express, { type Request, type Response } from 'express';
import { Problem } from './problem';

const read = express.json({ limit: '64kb', type: ['application/json', 'application/*+json'] });

/** The body of a request of the API: an object, with no keys but these. Read after it is known who asks. */
export async function jsonBody<Key extends string>(
  request: Request,
  response: Response,
  keys: readonly Key[],
): Promise<Readonly<Partial<Record<Key, unknown>>>> {
  await new Promise<void>((resolve, reject) => {
    read(request, response, (error?: unknown) => {
      if (error === undefined) resolve();
      else reject(problemOf(error));
    });
  });
  const body: unknown = request.body;
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new Problem(400, 'BAD_BODY', 'The body must be a JSON object, sent as application/json.');
  }
  if (Object.keys(body).some((key) => !(keys as readonly string[]).includes(key))) {
    throw new Problem(400, 'BAD_BODY', `The known keys are ${keys.join(', ')}.`);
  }
  return body as Partial<Record<Key, unknown>>;
}

function problemOf(error: unknown): Problem {
  return (error as { status?: unknown }).status === 413
    ? new Problem(413, 'BODY_TOO_LARGE', 'The body is too large.')
    : new Problem(400, 'BAD_BODY', 'The body is not JSON.');
}
