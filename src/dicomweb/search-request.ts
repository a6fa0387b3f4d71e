import type { Peer } from './peer';
import { notDicomweb, type Service } from './peer-faults';

/** Larger answers than this are no page of a search, and no metadata that this program asks for. */
const MAX_JSON_BYTES = 256 * 1024 * 1024;

/**
 * What dicomweb-client uses of XMLHttpRequest, over the connections of a `Peer`. Faults cannot go through
 * dicomweb-client, so the first one is kept in `error`.
 */
export class SearchRequest {
  readyState = 0;
  status = 0;
  response: unknown = null;
  responseType = '';
  onreadystatechange: (() => void) | null = null;
  onloadstart: (() => void) | null = null;
  onloadend: (() => void) | null = null;
  error: unknown = null;

  private path = '/';
  private readonly requestHeaders: Record<string, string> = {};
  private responseHeaders: readonly (readonly [string, string])[] = [];

  constructor(
    private readonly peer: Peer,
    private readonly service: Service,
    private readonly signal: AbortSignal,
  ) {}

  open(_method: string, url: string): void {
    this.path = url.slice(this.peer.url.length);
  }

  setRequestHeader(name: string, value: string): void {
    this.requestHeaders[name.toLowerCase()] = value;
  }

  getResponseHeader(name: string): string | null {
    return this.responseHeaders.find(([key]) => key === name.toLowerCase())?.[1] ?? null;
  }

  getAllResponseHeaders(): string {
    return this.responseHeaders.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  }

  send(): void {
    void this.run().then(
      () => this.settle(),
      (error: unknown) => {
        this.error = error;
        this.status = 0;
        this.settle();
      },
    );
  }

  private settle(): void {
    this.readyState = 4;
    this.onreadystatechange?.();
    this.onloadend?.();
  }

  private async run(): Promise<void> {
    const { peer, service, signal } = this;
    this.onloadstart?.();
    const answer = await peer.request({
      service,
      method: 'GET',
      path: this.path,
      headers: this.requestHeaders,
      signal,
    });
    if (answer.status !== 200) {
      answer.discard();
      this.status = answer.status;
      return;
    }
    const { essence } = answer.mediaType;
    if (essence !== 'application/dicom+json' && essence !== 'application/json') {
      answer.discard();
      throw notDicomweb(peer.name, service, 'was answered in another form than DICOM JSON');
    }
    const text = (await answer.buffer(MAX_JSON_BYTES)).toString('utf8');
    this.responseHeaders = [['content-type', essence]];
    this.response =
      text.trim() === ''
        ? []
        : parseJson(text, () => notDicomweb(peer.name, service, 'got an answer that is not JSON'));
    this.status = 200;
  }
}

function parseJson(text: string, fault: () => Error): unknown {
  try {
    // A byte order mark is none of JSON's, but some servers write one.
    return JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
  } catch {
    throw fault();
  }
}
