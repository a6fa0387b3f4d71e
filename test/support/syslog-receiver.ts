import { execFileSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'node:tls';

export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** A certificate for localhost that vouches for itself. Needs openssl. */
export function selfSigned(): Certificate {
  const directory = mkdtempSync(join(tmpdir(), 'tce-cert-'));
  try {
    const [key, cert] = [join(directory, 'key.pem'), join(directory, 'cert.pem')];
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
    const out = ['-keyout', key, '-out', cert, '-days', '2', '-nodes'];
    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', ...subject, ...out], { stdio: 'ignore' });
    return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

export interface SyslogReceiver {
  readonly port: number;
  /** Every message, as it came off the wire. */
  readonly messages: string[];
  close(): Promise<void>;
}

/**
 * A syslog receiver over TLS (RFC 5425), framed by octet count. `cutOff`: which connections, counted from 1, are cut
 * off as soon as something has come, instead of being closed properly.
 */
export async function tlsSyslogReceiver(
  certificate: Certificate,
  options: {
    readonly port?: number;
    readonly cutOff?: (connection: number) => boolean;
    readonly clientCa?: string;
  } = {},
): Promise<SyslogReceiver> {
  const messages: string[] = [];
  const open = new Set<Socket>();
  /** The connections below TLS: one that is reset ends without a word. */
  const raw = new Map<number | undefined, Socket>();
  let connections = 0;
  const mutual = options.clientCa === undefined ? {} : { ca: options.clientCa, requestCert: true };
  const server = createServer({ ...certificate, ...mutual }, (socket) => {
    connections += 1;
    const cutOff = options.cutOff?.(connections) === true;
    let held: Buffer = Buffer.alloc(0);
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => {
      held = Buffer.concat([held, chunk]);
      held = takeMessages(held, messages);
      if (cutOff) raw.get(socket.remotePort)?.resetAndDestroy();
    });
  });
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    raw.set(socket.remotePort, socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    messages,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  };
}

function takeMessages(held: Buffer, messages: string[]): Buffer {
  let rest = held;
  for (;;) {
    const header = /^(\d+) /.exec(rest.subarray(0, 12).toString('latin1'));
    if (header === null) return rest;
    const from = header[0].length;
    const to = from + Number(header[1]);
    if (rest.length < to) return rest;
    messages.push(rest.subarray(from, to).toString('utf8'));
    rest = rest.subarray(to);
  }
}

export async function udpSyslogReceiver(): Promise<SyslogReceiver> {
  const messages: string[] = [];
  const socket = createSocket('udp4');
  socket.on('message', (message) => messages.push(message.toString('utf8')));
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return {
    port: socket.address().port,
    messages,
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}
