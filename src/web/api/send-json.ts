import type { Response } from 'express';

export function sendJson(response: Response, body: unknown): void {
  response.type('application/json').send(JSON.stringify(body));
}
