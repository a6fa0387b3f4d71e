import { createHash, timingSafeEqual } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { parseAccept, parseMediaType } from '../dicomweb/media-type';
import { InstanceIndex } from './instance-index';
import { metadataOf, sendInstances } from './retrieve';
import { BadQuery, type Level, search } from './search';
import { BadBody, storeInstances } from './store';

export interface SandboxOptions {
  /** Served with everything below it; made where missing. What is stored goes below it too. */
  readonly directory: string;
  /** HTTP Basic and Bearer; with neither it is open to whoever can reach it. */
  readonly username?: string;
  readonly password?: string;
  readonly bearerToken?: string;
}

export interface Sandbox {
  /** For a server of one's own. Paths may begin with `/dicom-web`. */
  readonly handler: (request: IncomingMessage, response: ServerResponse) => void;
  /** Base address of the DICOMweb service. Port 0 takes a free one; the host is 127.0.0.1 where left out. */
  listen(port: number, host?: string): Promise<string>;
  /** Instances it has. */
  readonly size: number;
  /** Takes in files that were put into the folder by others. */
  scan(): Promise<void>;
  close(): Promise<void>;
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly query: URLSearchParams;
  readonly baseUrl: string;
}

interface Route {
  readonly method: 'GET' | 'POST';
  readonly path: RegExp;
  readonly handle: (index: InstanceIndex, exchange: Exchange, ...uids: string[]) => Promise<void> | void;
}

const UID = '([^/]+)';

/** PS3.18 Table 10.3-1, as far as it is offered. */
const ROUTES: readonly Route[] = [
  searchRoute('/studies', 'studies'),
  searchRoute(`/studies/${UID}/series`, 'series'),
  searchRoute(`/studies/${UID}/instances`, 'instances'),
  searchRoute(`/studies/${UID}/series/${UID}/instances`, 'instances'),
  searchRoute('/series', 'series'),
  searchRoute('/instances', 'instances'),
  metadataRoute(`/studies/${UID}`),
  metadataRoute(`/studies/${UID}/series/${UID}`),
  metadataRoute(`/studies/${UID}/series/${UID}/instances/${UID}`),
  retrieveRoute(`/studies/${UID}`),
  retrieveRoute(`/studies/${UID}/series/${UID}`),
  retrieveRoute(`/studies/${UID}/series/${UID}/instances/${UID}`),
  { method: 'POST', path: /^\/studies$/, handle: store },
  { method: 'POST', path: new RegExp(`^/studies/${UID}$`), handle: store },
];

function searchRoute(path: string, level: Level): Route {
  return {
    method: 'GET',
    path: new RegExp(`^${path}$`),
    handle(index, exchange, study, series) {
      if (!acceptsJson(exchange)) {
        return;
      }
      const uids = { ...(study === undefined ? {} : { study }), ...(series === undefined ? {} : { series }) };
      sendJson(exchange, 200, search(index, { level, ...uids, query: exchange.query }, exchange.baseUrl));
    },
  };
}

function metadataRoute(path: string): Route {
  return {
    method: 'GET',
    path: new RegExp(`^${path}/metadata$`),
    async handle(index, exchange, study, series, instance) {
      const instances = index.select(study!, series, instance);
      if (instances.length === 0) {
        sendText(exchange, 404, 'No such instances.');
      } else if (acceptsJson(exchange)) {
        sendJson(exchange, 200, await metadataOf(instances));
      }
    },
  };
}

function retrieveRoute(path: string): Route {
  return {
    method: 'GET',
    path: new RegExp(`^${path}$`),
    async handle(index, exchange, study, series, instance) {
      const instances = index.select(study!, series, instance);
      if (instances.length === 0) {
        sendText(exchange, 404, 'No such instances.');
      } else {
        await sendInstances(instances, exchange.request, exchange.response);
      }
    },
  };
}

async function store(index: InstanceIndex, exchange: Exchange, study?: string): Promise<void> {
  const { essence, parameters } = parseMediaType(exchange.request.headers['content-type'] ?? '');
  const boundary = parameters.get('boundary') ?? '';
  const type = parameters.get('type')?.toLowerCase() ?? 'application/dicom';
  if (essence !== 'multipart/related' || type !== 'application/dicom' || boundary === '') {
    sendText(exchange, 415, 'Instances are stored as multipart/related; type="application/dicom".');
    return;
  }
  const { status, response } = await storeInstances(index, study, exchange.request, boundary, exchange.baseUrl);
  sendJson(exchange, status, response);
}

const JSON_RANGES: ReadonlySet<string> = new Set([
  '*/*',
  'application/*',
  'application/dicom+json',
  'application/json',
]);

function acceptsJson(exchange: Exchange): boolean {
  const ranges = parseAccept(exchange.request.headers.accept);
  if (ranges.length === 0 || ranges.some(({ essence }) => JSON_RANGES.has(essence))) {
    return true;
  }
  sendText(exchange, 406, 'The answer is offered as application/dicom+json.');
  return false;
}

function sendJson({ response }: Exchange, status: number, json: unknown): void {
  const body = Buffer.from(JSON.stringify(json), 'utf8');
  response.writeHead(status, { 'Content-Type': 'application/dicom+json', 'Content-Length': body.length });
  response.end(body);
}

function sendText({ response }: Pick<Exchange, 'response'>, status: number, text: string): void {
  const body = Buffer.from(`${text}\n`, 'utf8');
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', 'Content-Length': body.length });
  response.end(body);
}

function sameText(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

function isAdmitted({ username, password, bearerToken }: SandboxOptions, authorization: string): boolean {
  const allowed: string[] = [];
  if (username !== undefined) {
    allowed.push(`Basic ${Buffer.from(`${username}:${password ?? ''}`, 'utf8').toString('base64')}`);
  }
  if (bearerToken !== undefined) {
    allowed.push(`Bearer ${bearerToken}`);
  }
  return allowed.length === 0 || allowed.some((one) => sameText(one, authorization));
}

async function answer(index: InstanceIndex, options: SandboxOptions, exchange: Exchange, path: string): Promise<void> {
  const { request, response } = exchange;
  if (!isAdmitted(options, request.headers.authorization ?? '')) {
    response.setHeader('WWW-Authenticate', options.username === undefined ? 'Bearer' : 'Basic realm="sandbox"');
    sendText(exchange, 401, 'Credentials are needed.');
    return;
  }
  let known = false;
  for (const route of ROUTES) {
    const uids = route.path.exec(path);
    if (uids === null) {
      continue;
    }
    known = true;
    if (route.method === request.method) {
      await route.handle(index, exchange, ...uids.slice(1).map(decodeURIComponent));
      return;
    }
  }
  sendText(exchange, known ? 405 : 404, known ? 'Not offered here.' : 'No such resource.');
}

/** The error of a client, which an answer of its own belongs to. */
function statusOf(error: unknown): number {
  return error instanceof BadQuery || error instanceof BadBody || error instanceof URIError ? 400 : 500;
}

/** A small DICOMweb origin server (QIDO-RS, WADO-RS, STOW-RS; PS3.18 10) over a folder of PS3.10 files in any layout. */
export async function createSandbox(options: SandboxOptions): Promise<Sandbox> {
  const directory = resolve(options.directory);
  await mkdir(directory, { recursive: true });
  const index = await InstanceIndex.of(directory);
  let server: Server | undefined;

  const handler = (request: IncomingMessage, response: ServerResponse): void => {
    request.on('error', () => {});
    response.on('error', () => {});
    const target = request.url ?? '/';
    const mark = target.indexOf('?');
    const path = mark === -1 ? target : target.slice(0, mark);
    const query = mark === -1 ? '' : target.slice(mark + 1);
    const exchange: Exchange = {
      request,
      response,
      query: new URLSearchParams(query),
      baseUrl: `http://${request.headers.host ?? 'localhost'}${path.startsWith('/dicom-web/') ? '/dicom-web' : ''}`,
    };
    const resource = path.replace(/^\/dicom-web(?=\/)/, '').replace(/(?<=.)\/+$/, '');
    answer(index, options, exchange, resource)
      .catch((error: unknown) => {
        if (response.headersSent) {
          // In the middle of a body: only a broken connection can still say that it is not whole.
          response.destroy();
        } else {
          const status = statusOf(error);
          sendText(
            exchange,
            status,
            status === 400 && error instanceof Error ? error.message : 'Something went wrong.',
          );
        }
      })
      .finally(() => {
        // A body that nobody wanted to read must not keep the connection busy for ever.
        if (!request.readableEnded) {
          request.resume();
        }
      });
  };

  return {
    handler,
    get size() {
      return index.size;
    },
    scan: () => index.scan(),
    async listen(port, host = '127.0.0.1') {
      const started = createServer({ keepAlive: true, noDelay: true }, handler);
      // A set that takes long to arrive is no attack: what counts is that it moves.
      started.requestTimeout = 0;
      await new Promise<void>((done, failed) => {
        started.once('error', failed);
        started.listen(port, host, done);
      });
      server = started;
      const { address, port: taken, family } = started.address() as AddressInfo;
      return `http://${family === 'IPv6' ? `[${address}]` : address}:${taken}/dicom-web`;
    },
    async close() {
      const running = server;
      server = undefined;
      if (running !== undefined) {
        running.closeAllConnections();
        await new Promise((done) => running.close(done));
      }
    },
  };
}
