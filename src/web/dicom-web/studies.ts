import type { Request, Response } from 'express';
import type { StoreRequest, StoreResponse } from '../../dicomweb/server/store-instances';
import { Problem } from '../problem';
import { can, type Handler, type Route, route } from '../route';

export type StoreInstances = (request: StoreRequest) => Promise<StoreResponse>;

/** Each holds a header, a few buffers and an open file; the next one is asked to come again. */
const MOST_AT_ONCE = 32;
/** Without a byte for so long, the client has gone. */
const SILENCE_MS = 2 * 60_000;

/** PS3.18 10.5: RAD-50, RAD-51 and RAD-52 over STOW-RS. */
export function dicomWebRoutes(storeInstances: StoreInstances): readonly Route[] {
  let running = 0;
  const store: Handler = async (request, response) => {
    if (running >= MOST_AT_ONCE) {
      response.set({ 'Retry-After': '5', Connection: 'close' });
      throw new Problem(
        503,
        'BUSY',
        'Too many requests store instances at this moment.',
        'Try again in a few seconds.',
      );
    }
    running += 1;
    try {
      await answer(request, response, storeInstances);
    } finally {
      running -= 1;
    }
  };
  return [
    route('POST', '/dicom-web/studies', can('operate'), store),
    route('POST', '/dicom-web/studies/:study', can('operate'), store),
  ];
}

async function answer(request: Request, response: Response, storeInstances: StoreInstances): Promise<void> {
  // A request that was read to its end names its socket no more.
  const { socket } = request;
  socket.setTimeout(SILENCE_MS);
  let result: StoreResponse;
  try {
    result = await storeInstances(storeRequestOf(request));
  } catch (error) {
    // The client is gone, and with it whoever could be told.
    if (request.destroyed && !request.complete) return;
    response.set('Connection', 'close');
    throw error;
  } finally {
    socket.setTimeout(0);
  }
  if (!result.answered) {
    // What is still to come of the body is not waited for.
    if (!request.complete) response.set('Connection', 'close');
    throw new Problem(result.status, result.code, result.message, result.remedy);
  }
  const body = Buffer.from(JSON.stringify(result.dataSet), 'utf8');
  response.status(result.status).set('Content-Type', 'application/dicom+json').end(body);
}

function storeRequestOf(request: Request): StoreRequest {
  const study = request.params.study;
  const length = Number(request.headers['content-length'] ?? Number.NaN);
  return {
    study: typeof study === 'string' ? study : null,
    contentType: request.headers['content-type'],
    contentEncoding: request.headers['content-encoding'],
    contentLength: Number.isSafeInteger(length) ? length : undefined,
    accept: request.headers.accept,
    // Left in the middle, the connection must still carry the answer.
    body: request.iterator({ destroyOnReturn: false }),
  };
}
