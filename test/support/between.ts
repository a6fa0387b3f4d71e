import type { Peer } from './peers';
import { type ScriptedAnswer, ScriptedPeer, type ScriptedRequest } from './scripted-peer';

/** Stands between the server and a well-behaved peer, and misbehaves while told to. */
export class Between {
  fault: ((request: ScriptedRequest) => ScriptedAnswer | undefined) | undefined;
  /** Requests that got through. */
  passed: ScriptedRequest[] = [];
  /** Milliseconds between what the peer did with a STOW request and its answer. */
  storeDelay = 0;

  private constructor(readonly peer: ScriptedPeer) {}

  static async start(target: () => Peer): Promise<Between> {
    const peer = await ScriptedPeer.start();
    const between = new Between(peer);
    peer.script = async (request) => {
      // Reading the request first is the default of the peer; what goes on must be whole.
      const fault = between.fault?.(request);
      if (fault !== undefined) return fault;
      const url = target().dicomwebUrl;
      try {
        return { body: () => between.forward(request, url), ...(await between.head(request, url)) };
      } catch {
        return { status: 502 };
      }
    };
    return between;
  }

  private answers = new WeakMap<ScriptedRequest, Promise<Response>>();

  private async head(request: ScriptedRequest, url: string): Promise<ScriptedAnswer> {
    if (request.method === 'POST') return {};
    const answer = await this.ask(request, url);
    return { status: answer.status, headers: { 'content-type': answer.headers.get('content-type') ?? '' } };
  }

  private ask(request: ScriptedRequest, url: string): Promise<Response> {
    const known = this.answers.get(request);
    if (known !== undefined) return known;
    const query = request.query.size === 0 ? '' : `?${request.query.toString()}`;
    const answer = fetch(`${url}${request.path.replace('/dicom-web', '')}${query}`, {
      method: request.method,
      headers: Object.fromEntries(
        ['accept', 'content-type'].flatMap((name) => {
          const value = request.headers[name];
          return typeof value === 'string' ? [[name, value]] : [];
        }),
      ),
      ...(request.method === 'POST' ? { body: request.body as unknown as string } : {}),
    });
    this.answers.set(request, answer);
    this.passed.push(request);
    return answer;
  }

  private async *forward(request: ScriptedRequest, url: string): AsyncGenerator<Uint8Array> {
    const answer = await this.ask(request, url);
    if (request.method === 'POST') await new Promise((settle) => setTimeout(settle, this.storeDelay));
    yield new Uint8Array(await answer.arrayBuffer());
  }
}
