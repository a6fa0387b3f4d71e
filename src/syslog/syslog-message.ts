/** What stands before the message (RFC 5424 6.2). */
export interface SyslogOrigin {
  readonly host: string;
  readonly application: string;
  readonly processID: string;
}

export interface SyslogMessage {
  readonly at: Date;
  /** XML of an audit message. */
  readonly text: string;
}

/** Facility 10 (security), severity 5 (notice), as PS3.15 A.6 suggests: 10 × 8 + 5. */
const PRIORITY = '<85>1';
/** PS3.15 A.6. */
const MESSAGE_ID = 'DICOM+RFC3881';

/** One message of RFC 5424: header, no structured data, and the text in UTF-8 behind a byte order mark. */
export function syslogMessage({ at, text }: SyslogMessage, origin: SyslogOrigin): Buffer {
  const header = [
    PRIORITY,
    at.toISOString(),
    printable(origin.host, 255),
    printable(origin.application, 48),
    printable(origin.processID, 128),
    MESSAGE_ID,
    '-',
  ].join(' ');
  return Buffer.from(`${header} \ufeff${text}`, 'utf8');
}

/** RFC 5425 4.3.1: the length in octets before each message, since the stream has no other bounds. */
export function counted(message: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${message.length} `, 'ascii'), message]);
}

/** RFC 5424 6: PRINTUSASCII; a field that is empty is the nil value. */
function printable(text: string, length: number): string {
  return text.replace(/[^\x21-\x7e]+/g, '_').slice(0, length) || '-';
}
