import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** What the peer does with one request. Everything left out is as a well-behaved server does it. */
export interface ScriptedAnswer {
  /** Default 200. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string | (() => AsyncIterable<Uint8Array> | Iterable<Uint8Array>);
  /** How the end of the body is told: Content-Length (default), chunks, or the end of the connection. */
  readonly framing?: 'length' | 'chunked' | 'eof';
  /** Milliseconds before the status line. */
  readonly delay?: number;
  /** Destroys the connection after so many bytes of the body. With `framing: 'eof'` that looks like a proper end. */
  readonly cutAfter?: number;
  /** So many bytes at a time, with a pause between. */
  readonly trickle?: { readonly bytes: number; readonly every: number };
  /** Never says anything, or stops in the middle: after `hangAfter` bytes of the body. */
  readonly hang?: true;
  readonly hangAfter?: number;
  /** Destroys the connection (TCP reset) without an answer, after so many bytes of the request's body. */
  readonly resetAfter?: number;
  /** Answers at once, without reading the body of the request, and closes. */
  readonly early?: true;
  /** Written to the socket as it is, instead of an HTTP answer. */
  readonly raw?: string;
}

export interface ScriptedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** What had arrived when the request was over, complete or not. */
  body: Buffer;
  /** false: the client went away, or the peer did not read it. */
  complete: boolean;
  /** Settles when client and peer are through with each other. */
  readonly over: Promise<void>;
}

export type Script = (request: ScriptedRequest, index: number) => ScriptedAnswer | Promise<ScriptedAnswer>;

/** An HTTP server that misbehaves as told. Its script sees the request's head; `body` is filled unless answered early. */
export class ScriptedPeer {
  readonly requests: ScriptedRequest[] = [];
  /** Made since it was started. */
  connections = 0;
  script: Script = () => ({ status: 404 });
  private readonly sockets = new Set<Socket>();

  private constructor(private readonly server: Server) {
    server.on('request', (request, response) => void this.handle(request, response));
    server.on('connection', (socket) => {
      this.connections += 1;
      this.sockets.add(socket);
      socket.on('error', () => {});
      socket.once('close', () => this.sockets.delete(socket));
    });
    server.on('clientError', (_error, socket) => socket.destroy());
  }

  static async start(script?: Script): Promise<ScriptedPeer> {
    const server = createServer({ keepAlive: true });
    const peer = new ScriptedPeer(server);
    if (script !== undefined) {
      peer.script = script;
    }
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return peer;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/dicom-web`;
  }

  /** The request of that number, as soon as its head has arrived. */
  async request(index: number): Promise<ScriptedRequest> {
    for (;;) {
      const request = this.requests[index];
      if (request !== undefined) {
        return request;
      }
      await pause(5);
    }
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) {
      socket.destroy();
    }
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(incoming.url ?? '/', 'http://peer');
    let settle = () => {};
    const request: ScriptedRequest = {
      method: incoming.method ?? '',
      path: url.pathname,
      query: url.searchParams,
      headers: incoming.headers,
      body: Buffer.alloc(0),
      complete: false,
      over: new Promise((resolve) => {
        settle = resolve;
      }),
    };
    const closed = new Promise((resolve) => response.once('close', resolve));
    incoming.on('error', () => {});
    response.on('error', () => {});
    const answer = await this.script(request, this.requests.push(request) - 1);
    try {
      await this.play(request, answer, incoming, response);
    } catch {
      response.destroy();
    }
    await closed;
    settle();
  }

  private async play(
    request: ScriptedRequest,
    answer: ScriptedAnswer,
    incoming: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    if (answer.early !== true) {
      const received: Buffer[] = [];
      let size = 0;
      if (answer.resetAfter === 0) {
        incoming.socket.resetAndDestroy();
        return;
      }
      try {
        for await (const chunk of incoming as AsyncIterable<Buffer>) {
          received.push(chunk);
          size += chunk.length;
          if (answer.resetAfter !== undefined && size >= answer.resetAfter) {
            incoming.socket.resetAndDestroy();
            return;
          }
        }
        request.complete = incoming.complete;
      } finally {
        request.body = Buffer.concat(received);
      }
    }
    await pause(answer.delay ?? 0);
    if (answer.hang === true) {
      return;
    }
    if (answer.raw !== undefined) {
      incoming.socket.end(answer.raw, 'latin1');
      return;
    }
    const { body = '' } = answer;
    const whole =
      typeof body === 'function' ? undefined : typeof body === 'string' ? Buffer.from(body, 'utf8') : Buffer.from(body);
    const framing = answer.framing ?? (whole === undefined ? 'chunked' : 'length');
    const headers: Record<string, string> = { ...answer.headers };
    if (framing === 'length' && whole !== undefined && answer.status !== 204) {
      headers['Content-Length'] = String(whole.length);
    }
    if (framing === 'eof' || answer.early === true) {
      headers.Connection = 'close';
    }
    if (framing === 'eof') {
      response.useChunkedEncodingByDefault = false;
      response.removeHeader('Transfer-Encoding');
    }
    response.writeHead(answer.status ?? 200, headers);
    response.flushHeaders();
    let written = 0;
    const chunks = typeof body === 'function' ? body() : [whole!];
    for await (const chunk of chunks) {
      for (const piece of pieces(chunk, answer.trickle?.bytes)) {
        const limit = Math.min(answer.cutAfter ?? Infinity, answer.hangAfter ?? Infinity);
        const rest = limit - written;
        const part = piece.length > rest ? piece.subarray(0, rest) : piece;
        if (part.length > 0 && !response.write(part)) {
          await new Promise<void>((resolve) => {
            response.once('drain', resolve);
            response.once('close', resolve);
          });
        }
        written += part.length;
        if (response.destroyed) {
          return;
        }
        if (written >= limit) {
          if (answer.hangAfter !== undefined) {
            return;
          }
          // What was written must arrive before the end does.
          await pause(20);
          if (framing === 'eof') {
            response.end();
          } else {
            incoming.socket.destroy();
          }
          return;
        }
        if (answer.trickle !== undefined) {
          await pause(answer.trickle.every);
        }
      }
    }
    response.end();
  }
}

function* pieces(chunk: Uint8Array, size: number | undefined): Generator<Uint8Array> {
  if (size === undefined) {
    yield chunk;
    return;
  }
  for (let at = 0; at < chunk.length; at += size) {
    yield chunk.subarray(at, at + size);
  }
}

function pause(milliseconds: number): Promise<void> {
  return milliseconds <= 0 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, milliseconds));
}
