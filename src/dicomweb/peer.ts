import { setMaxListeners } from 'node:events';
import type { Dispatcher } from 'undici';
import { Pool } from 'undici';
import { cannot } from '../base/errors';
import { type MediaType, parseMediaType } from './media-type';
import { faultOfError, notDicomweb, type Service } from './peer-faults';

export interface PeerTimeouts {
  /** Until the connection stands, TLS included. */
  readonly connect: number;
  /** From the end of the request until the status line. A Receiver may answer only after it stored everything. */
  readonly answer: number;
  /** Without a single byte of the body. A slow body that moves is never cut off. */
  readonly idle: number;
}

export const DEFAULT_TIMEOUTS: PeerTimeouts = { connect: 10_000, answer: 120_000, idle: 60_000 };

export interface PeerOptions {
  /** As configured; the only thing about the peer that messages name. */
  readonly name: string;
  /** Base address of the DICOMweb service, as `http://127.0.0.1:8042/dicom-web`. */
  readonly url: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly bearerToken?: string | undefined;
  /** PEM of the certificate authorities to trust instead of the well-known ones. */
  readonly ca?: string | undefined;
  readonly timeouts?: Partial<PeerTimeouts> | undefined;
  /** Connections at most; more requests than that wait for one another. */
  readonly connections?: number | undefined;
}

/** Enough for many sessions side by side: a request that waited for a connection held by its own caller would never end. */
const DEFAULT_CONNECTIONS = 64;
/** Per connection, between socket and consumer. */
const BODY_HIGH_WATER_MARK = 256 * 1024;
/** Bytes of an answer that is not wanted any more that are still read, to keep the connection for the next request. */
const DRAIN_LIMIT = 64 * 1024;
const DRAIN_TIMEOUT = 1_000;

export interface PeerRequest {
  readonly service: Service;
  readonly method: 'GET' | 'POST';
  /** Below the base address, beginning with a slash, encoded. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: AsyncIterable<Uint8Array>;
  readonly signal: AbortSignal;
}

/** PS3.5 9.1: digits and full stops, 64 at most. What is put into a path must be no more than that. */
export function asUID(text: string): string {
  if (!/^[0-9.]{1,64}$/.test(text) || /^\.+$/.test(text)) {
    throw cannot('BAD_UID', 'A UID to ask for holds other characters than digits and full stops, or is too long.', {
      remedy: 'The object that names it is malformed; it must be corrected at its origin.',
    });
  }
  return text;
}

/** Status and body of an answer. Either read `bytes` or call `discard`. */
export class PeerAnswer {
  readonly status: number;
  readonly mediaType: MediaType;

  constructor(
    private readonly data: Dispatcher.ResponseData,
    private readonly peer: string,
    private readonly service: Service,
    private readonly signal: AbortSignal,
  ) {
    this.status = data.statusCode;
    this.mediaType = parseMediaType(this.header('content-type') ?? '');
  }

  header(name: string): string | undefined {
    const value = this.data.headers[name];
    return Array.isArray(value) ? value[0] : value;
  }

  /** The body as it arrives, errors as Faults. Leaving it early keeps the connection: call `discard` then. */
  bytes(): AsyncIterable<Uint8Array> {
    const { peer, service, signal } = this;
    const iterator = this.data.body.iterator({ destroyOnReturn: false });
    return {
      [Symbol.asyncIterator]: () => ({
        async next(): Promise<IteratorResult<Uint8Array, undefined>> {
          try {
            return await iterator.next();
          } catch (error) {
            signal.throwIfAborted();
            throw faultOfError(peer, service, 'body', error);
          }
        },
        async return(): Promise<IteratorResult<Uint8Array, undefined>> {
          await iterator.return?.();
          return { done: true, value: undefined };
        },
      }),
    };
  }

  /** The whole body where it is no larger than `limit`. */
  async buffer(limit: number): Promise<Buffer> {
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of this.bytes()) {
      size += chunk.length;
      if (size > limit) {
        this.discard();
        throw notDicomweb(this.peer, this.service, `got an answer of more than ${Math.floor(limit / 1048576)} MiB`);
      }
      chunks.push(chunk);
    }
    return Buffer.concat(chunks, size);
  }

  /**
   * Ends with this answer. What little may be left of the body is read in the background, so that the connection
   * serves again; a body that goes on is cut off.
   */
  discard(): void {
    const { body } = this.data;
    if (body.destroyed || body.readableEnded) {
      return;
    }
    body.on('error', () => {});
    let left = DRAIN_LIMIT;
    const timer = setTimeout(() => body.destroy(), DRAIN_TIMEOUT);
    body.once('close', () => clearTimeout(timer));
    body.on('data', (chunk: Buffer) => {
      left -= chunk.length;
      if (left < 0) {
        body.destroy();
      }
    });
  }

  /** Cuts the connection off: there is no use for what is still coming. */
  abandon(): void {
    this.data.body.on('error', () => {});
    this.data.body.destroy();
  }
}

/** One DICOMweb server: connections kept alive, credentials, timeouts, and errors as Faults. */
export class Peer {
  readonly name: string;
  /** Base address without a slash at its end. */
  readonly url: string;
  private readonly basePath: string;
  private readonly authorization: string | undefined;
  private readonly pool: Pool;

  constructor(options: PeerOptions) {
    this.name = options.name;
    const url = URL.canParse(options.url) ? new URL(options.url) : undefined;
    if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
      throw cannot('BAD_PEER_ADDRESS', `${options.name}: the address is not an http: or https: URL.`, {
        remedy: 'Write it as http://host:port/dicom-web.',
      });
    }
    const username = options.username ?? (url.username === '' ? undefined : decodeURIComponent(url.username));
    const password = options.password ?? decodeURIComponent(url.password);
    if (options.bearerToken !== undefined) {
      this.authorization = `Bearer ${options.bearerToken}`;
    } else if (username !== undefined) {
      this.authorization = `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`;
    }
    this.basePath = url.pathname.replace(/\/+$/, '');
    this.url = `${url.origin}${this.basePath}`;
    const timeouts = { ...DEFAULT_TIMEOUTS, ...options.timeouts };
    this.pool = new Pool(url.origin, {
      connections: options.connections ?? DEFAULT_CONNECTIONS,
      pipelining: 1,
      keepAliveTimeout: 4_000,
      // Orthanc offers `Keep-Alive: timeout=1`; undici takes a whole second off that by default, which leaves nothing.
      keepAliveTimeoutThreshold: 400,
      headersTimeout: timeouts.answer,
      bodyTimeout: timeouts.idle,
      connect: { timeout: timeouts.connect, ...(options.ca === undefined ? {} : { ca: options.ca }) },
    });
  }

  /** Redirections are not followed: they could lead credentials and patient data elsewhere. */
  async request(request: PeerRequest): Promise<PeerAnswer> {
    const { service, signal } = request;
    signal.throwIfAborted();
    // One signal often stands for a whole session, with many requests at a time listening to it.
    setMaxListeners(0, signal);
    try {
      const data = await this.pool.request({
        method: request.method,
        path: `${this.basePath}${request.path}`,
        headers: {
          ...request.headers,
          ...(this.authorization === undefined ? {} : { authorization: this.authorization }),
        },
        ...(request.body === undefined ? {} : { body: request.body as never }),
        signal,
        highWaterMark: BODY_HIGH_WATER_MARK,
      });
      return new PeerAnswer(data, this.name, service, signal);
    } catch (error) {
      signal.throwIfAborted();
      throw faultOfError(this.name, service, 'request', error);
    }
  }

  /** Cuts off what is still running. */
  async close(): Promise<void> {
    await this.pool.destroy();
  }
}
