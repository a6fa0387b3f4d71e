import express, { type Request, type Response } from 'express';
import { Problem } from '../problem';

const parse = express.json({ limit: '64kb', type: () => true, strict: true });

/** The JSON object that was sent; 400 for anything else, 413 for too much of it. */
export async function jsonBody(
  request: Request,
  response: Response,
  known: readonly string[],
): Promise<Record<string, unknown>> {
  await new Promise<void>((resolve, reject) => {
    parse(request, response, (error?: unknown) => {
      if (error === undefined) return resolve();
      const status = (error as { status?: unknown }).status;
      reject(
        status === 413
          ? new Problem(413, 'BODY_TOO_LARGE', 'The body of the request is too large.')
          : new Problem(400, 'BAD_JSON', 'The body of the request is not JSON.'),
      );
    });
  });
  const body: unknown = request.body;
  if (body === null || typeof body !== 'object' || Array.isArray(body)) {
    throw new Problem(400, 'BAD_JSON', 'The body of the request must be a JSON object.');
  }
  if (Object.keys(body).some((key) => !known.includes(key))) {
    throw new Problem(400, 'UNKNOWN_FIELD', `The known fields of the body are ${known.join(', ')}.`);
  }
  return body as Record<string, unknown>;
}
