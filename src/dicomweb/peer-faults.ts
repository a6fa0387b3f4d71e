import { couldNot, Fault } from '../base/errors';

/** What was asked of the peer, in the words of PS3.18. */
export type Service = 'search' | 'metadata' | 'retrieve' | 'store';

const SERVICE_NAMES: Record<Service, string> = {
  search: 'search (QIDO-RS)',
  metadata: 'metadata (WADO-RS)',
  retrieve: 'retrieve (WADO-RS)',
  store: 'store (STOW-RS)',
};

/** Who was asked for what: all that a message may say. Never an address with its path or query, never a UID. */
export function describe(peer: string, service: Service): string {
  return `${peer}: ${SERVICE_NAMES[service]}`;
}

interface FaultText {
  readonly code: string;
  readonly what: string;
  readonly remedy: string;
}

const REMEDY_BUSY = 'The server is in trouble or too busy; it is tried again. If it lasts, its own log says more.';
const REMEDY_ADDRESS = 'Check that the configured address is that of the DICOMweb service, path included.';
const REMEDY_NETWORK = 'Check that the server runs and that host name, port and firewall are right.';
const REMEDY_TLS =
  'Check the certificate of the server: give its certificate authority as caFile, and use the host name that it was issued for.';

/** HTTP status → fault; the first row that fits. */
const STATUS_FAULTS: readonly { readonly from: number; readonly to: number; readonly fault: FaultText }[] = [
  { from: 300, to: 399, fault: { code: 'PEER_NOT_DICOMWEB', what: 'was sent elsewhere', remedy: REMEDY_ADDRESS } },
  {
    from: 401,
    to: 401,
    fault: {
      code: 'PEER_REFUSED_CREDENTIALS',
      what: 'was refused for lack of valid credentials',
      remedy: 'Check the user name and password, or the bearer token, configured for this server.',
    },
  },
  {
    from: 403,
    to: 403,
    fault: {
      code: 'PEER_REFUSED_CREDENTIALS',
      what: 'is not permitted to this account',
      remedy: 'Have the account configured for this server be given the permission.',
    },
  },
  {
    from: 407,
    to: 407,
    fault: {
      code: 'PEER_REFUSED_CREDENTIALS',
      what: 'was refused by a proxy for lack of credentials',
      remedy: 'Check the proxy between this machine and the server.',
    },
  },
  {
    from: 404,
    to: 405,
    fault: { code: 'PEER_NOT_DICOMWEB', what: 'is not offered at this address', remedy: REMEDY_ADDRESS },
  },
  { from: 408, to: 408, fault: { code: 'PEER_TIMEOUT', what: 'took too long for the server', remedy: REMEDY_BUSY } },
  {
    from: 413,
    to: 413,
    fault: {
      code: 'PEER_REFUSED_REQUEST',
      what: 'was refused as too large',
      remedy: 'Raise the size limit of the server, or of the proxy before it.',
    },
  },
  {
    from: 415,
    to: 415,
    fault: {
      code: 'PEER_REFUSED_REQUEST',
      what: 'was refused because of its media type',
      remedy: 'The server must accept multipart/related; type="application/dicom" with any transfer syntax.',
    },
  },
  {
    from: 406,
    to: 406,
    fault: {
      code: 'PEER_REFUSED_REQUEST',
      what: 'was refused because the server does not answer in the media type asked for',
      remedy: 'The server must offer instances as they are stored (transfer-syntax=*) and searches as DICOM JSON.',
    },
  },
  { from: 429, to: 429, fault: { code: 'PEER_FAILED', what: 'was put off by the server', remedy: REMEDY_BUSY } },
  {
    from: 400,
    to: 499,
    fault: {
      code: 'PEER_REFUSED_REQUEST',
      what: 'was refused by the server',
      remedy: "The server's own log says why.",
    },
  },
  { from: 501, to: 501, fault: { code: 'PEER_FAILED', what: 'is not offered by the server', remedy: REMEDY_ADDRESS } },
  { from: 500, to: 599, fault: { code: 'PEER_FAILED', what: 'failed in the server', remedy: REMEDY_BUSY } },
];

/** A Fault that says which HTTP status it is of. */
export class StatusFault extends Fault {
  readonly status: number;

  constructor(status: number, code: string, message: string, remedy: string) {
    super(code, 'could-not', message, { remedy });
    this.status = status;
  }
}

export function faultOfStatus(peer: string, service: Service, status: number): StatusFault {
  const row = STATUS_FAULTS.find(({ from, to }) => status >= from && status <= to);
  const { code, what, remedy } = row?.fault ?? {
    code: 'PEER_NOT_DICOMWEB',
    what: 'got an unexpected answer',
    remedy: REMEDY_ADDRESS,
  };
  return new StatusFault(status, code, `${describe(peer, service)} ${what} (status ${status}).`, remedy);
}

export function notDicomweb(peer: string, service: Service, what: string): Fault {
  return couldNot('PEER_NOT_DICOMWEB', `${describe(peer, service)} ${what}.`, { remedy: REMEDY_ADDRESS });
}

export function instanceNotFound(peer: string, status: number): Fault {
  return couldNot(
    'INSTANCE_NOT_FOUND',
    `${describe(peer, 'retrieve')}: the server does not have it (status ${status}).`,
    {
      remedy: 'It may still be on its way to the server, or have been moved or deleted there.',
    },
  );
}

export function bodyCutShort(peer: string, service: Service, detail: string): Fault {
  return couldNot(
    'BODY_CUT_SHORT',
    `${describe(peer, service)}: the answer ended before it was complete (${detail}).`,
    {
      remedy:
        'The transfer was interrupted; it is tried again. If it happens every time, look for a proxy or time limit in between.',
    },
  );
}

/** Error codes of undici and of Node's net, dns and tls → fault. */
const CONNECTION_FAULTS: Readonly<Record<string, FaultText>> = {
  UND_ERR_CONNECT_TIMEOUT: {
    code: 'PEER_TIMEOUT',
    what: 'got no connection in time',
    remedy: REMEDY_NETWORK,
  },
  ETIMEDOUT: { code: 'PEER_TIMEOUT', what: 'got no connection in time', remedy: REMEDY_NETWORK },
  UND_ERR_HEADERS_TIMEOUT: { code: 'PEER_TIMEOUT', what: 'got no answer in time', remedy: REMEDY_BUSY },
  UND_ERR_BODY_TIMEOUT: { code: 'PEER_TIMEOUT', what: 'came to a standstill', remedy: REMEDY_BUSY },
  ECONNREFUSED: { code: 'PEER_UNREACHABLE', what: 'found nothing listening at the address', remedy: REMEDY_NETWORK },
  ENOTFOUND: { code: 'PEER_UNREACHABLE', what: 'could not find the host name', remedy: REMEDY_NETWORK },
  EAI_AGAIN: {
    code: 'PEER_UNREACHABLE',
    what: 'got no answer about the host name',
    remedy: 'Check the name service (DNS) of this machine.',
  },
};

/** Codes of Node's TLS: OpenSSL's verification results and the protocol errors. */
const TLS_CODE =
  /^(CERT_|ERR_TLS_|ERR_SSL_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH|INVALID_CA|EPROTO$|CRL_)/;

interface ErrorLike {
  readonly name?: unknown;
  readonly code?: unknown;
  readonly cause?: unknown;
  readonly errors?: unknown;
}

/** Not by `instanceof`: an error may come from another realm. */
function errorLike(error: unknown): ErrorLike {
  return typeof error === 'object' && error !== null ? error : {};
}

function codeOf(error: unknown): string {
  let at = errorLike(error);
  for (let depth = 0; depth < 5; depth += 1) {
    if (typeof at.code === 'string' && at.code !== '') {
      return at.code;
    }
    // One error for each address tried (RFC 8305), or the one behind it.
    at = errorLike(Array.isArray(at.errors) && at.errors.length > 0 ? at.errors[0] : at.cause);
  }
  return '';
}

/**
 * Fault of an error that undici or Node raised. The error itself is not kept as cause: some hold bytes of the answer.
 * `phase` tells whether the status line had arrived: after it a broken connection means a body cut short.
 */
export function faultOfError(peer: string, service: Service, phase: 'request' | 'body', error: unknown): Error {
  if (error instanceof Fault) {
    return error;
  }
  const code = codeOf(error);
  const known = Object.hasOwn(CONNECTION_FAULTS, code) ? CONNECTION_FAULTS[code] : undefined;
  if (known !== undefined && (phase === 'request' || known.code === 'PEER_TIMEOUT')) {
    return couldNot(known.code, `${describe(peer, service)} ${known.what}.`, { remedy: known.remedy });
  }
  if (phase === 'body') {
    return bodyCutShort(peer, service, code === '' ? 'connection lost' : code);
  }
  if (errorLike(error).name === 'HTTPParserError') {
    return notDicomweb(peer, service, 'got something that is not an HTTP answer');
  }
  if (TLS_CODE.test(code)) {
    return couldNot('PEER_UNREACHABLE', `${describe(peer, service)}: no trusted TLS connection (${code}).`, {
      remedy: REMEDY_TLS,
    });
  }
  return couldNot(
    'PEER_UNREACHABLE',
    `${describe(peer, service)} lost its connection${code === '' ? '' : ` (${code})`}.`,
    {
      remedy: REMEDY_NETWORK,
    },
  );
}
