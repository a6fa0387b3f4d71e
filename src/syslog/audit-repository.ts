import { createSocket } from 'node:dgram';
import { connect as connectTls } from 'node:tls';
import { couldNot, Fault } from '../base/errors';
import type { Log } from '../base/log';
import { counted, type SyslogMessage, type SyslogOrigin, syslogMessage } from './syslog-message';

export interface AuditRepositorySettings {
  readonly host: string;
  readonly port: number;
  readonly transport: 'tls' | 'udp';
  /** PEM. Left out: the authorities that Node trusts. */
  readonly ca?: string;
  /** Our own certificate and its key, where the repository asks for one (PEM). */
  readonly cert?: string;
  readonly key?: string;
}

/** Where audit messages go. Resolves once the repository has them all; otherwise a Fault, and none counts as sent. */
export interface AuditRepository {
  send(messages: readonly SyslogMessage[], signal: AbortSignal): Promise<void>;
}

const PATIENCE_MS = 20_000;
/** What one datagram of IPv4 can hold (RFC 5426 3.2). */
const LARGEST_DATAGRAM = 65_507;

export function auditRepository(settings: AuditRepositorySettings, origin: SyslogOrigin, log: Log): AuditRepository {
  return {
    send: (messages, signal) => {
      const written = messages.map((message) => syslogMessage(message, origin));
      return settings.transport === 'tls'
        ? sendByTls(settings, written, signal)
        : sendByUdp(settings, written, signal, log);
    },
  };
}

/**
 * RFC 5425. Syslog has no answer that says a message has come, and what was written may still lie in a buffer when the
 * repository goes down. So a connection carries one batch and is then closed from our side: the receiver, having read
 * everything up to our close_notify, must reply with its own (RFC 5425 4.4). Only then the batch counts as sent.
 */
function sendByTls(settings: AuditRepositorySettings, messages: readonly Buffer[], signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const { host, port, ca, cert, key } = settings;
    let secured = false;
    let answered = false;
    const socket = connectTls({
      host,
      port,
      // A literal address is no server name (RFC 6066 3).
      ...(/^[\d.]+$|:/.test(host) ? {} : { servername: host }),
      ...(ca === undefined ? {} : { ca }),
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
      // BCP 195, as the TLS profiles of PS3.15 B ask.
      minVersion: 'TLSv1.2',
    });
    const end = (fault?: Fault): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      socket.destroy();
      if (fault === undefined) resolve();
      else reject(fault);
    };
    const timer = setTimeout(
      () => end(secured ? unconfirmed() : unreachable(settings, 'no answer in time')),
      PATIENCE_MS,
    );
    const stop = (): void => end(couldNot('STOPPING', 'the server is stopping'));
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) return stop();
    socket.once('secureConnect', () => {
      secured = true;
      socket.end(Buffer.concat(messages.map(counted)));
    });
    socket.once('end', () => {
      answered = true;
    });
    socket.resume();
    socket.once('error', (error: NodeJS.ErrnoException) => end(faultOf(error, settings, secured)));
    // Before all is written there is no answer: a receiver that hangs up early has not read to the end.
    socket.once('close', () => end(answered && socket.writableFinished ? undefined : unconfirmed()));
  });
}

/** RFC 5426: nobody learns whether a datagram arrives. */
async function sendByUdp(
  settings: AuditRepositorySettings,
  messages: readonly Buffer[],
  signal: AbortSignal,
  log: Log,
): Promise<void> {
  const socket = createSocket(settings.host.includes(':') ? 'udp6' : 'udp4');
  try {
    for (const message of messages) {
      if (signal.aborted) throw couldNot('STOPPING', 'the server is stopping');
      if (message.length > LARGEST_DATAGRAM) {
        log.error('audit message is cut: it is too long for UDP; use audit.syslog.transport: tls', {
          bytes: message.length,
        });
      }
      await new Promise<void>((resolve, reject) => {
        const datagram = message.subarray(0, LARGEST_DATAGRAM);
        socket.once('error', reject);
        socket.send(datagram, settings.port, settings.host, (error) => {
          socket.removeListener('error', reject);
          if (error instanceof Error) reject(error);
          else resolve();
        });
      });
    }
  } catch (error) {
    throw faultOf(error as NodeJS.ErrnoException, settings, false);
  } finally {
    socket.close();
  }
}

const TLS_ERROR = /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|HOSTNAME_MISMATCH|EPROTO)/;

function faultOf(error: NodeJS.ErrnoException, settings: AuditRepositorySettings, secured: boolean): Fault {
  if (error instanceof Fault) return error;
  const code = error.code ?? 'UNKNOWN';
  if (TLS_ERROR.test(code)) {
    return couldNot('AUDIT_REPOSITORY_NOT_TRUSTED', `no trusted TLS connection to the audit repository (${code})`, {
      remedy: 'Check audit.syslog.caFile, certFile and keyFile, and that host is the name in its certificate.',
    });
  }
  return secured ? unconfirmed() : unreachable(settings, code);
}

function unreachable({ port, transport }: AuditRepositorySettings, why: string): Fault {
  return couldNot('AUDIT_REPOSITORY_UNREACHABLE', `the audit repository cannot be reached (${why})`, {
    remedy: `Check audit.syslog.host, and that it listens on port ${port} (${transport}). Events are kept meanwhile.`,
  });
}

function unconfirmed(): Fault {
  return couldNot(
    'AUDIT_REPOSITORY_UNCONFIRMED',
    'the audit repository did not close the connection as one that has read everything',
    { remedy: 'The same events are sent again.' },
  );
}
