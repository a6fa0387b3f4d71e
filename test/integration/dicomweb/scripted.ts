import { Fault } from '../../../src/base/errors';
import { DicomwebImageSource } from '../../../src/dicomweb/image-source';
import type { PeerOptions } from '../../../src/dicomweb/peer';
import { DicomwebReceiver } from '../../../src/dicomweb/receiver';
import { type ScriptedAnswer, ScriptedPeer } from '../../support/scripted-peer';

export const JSON_TYPE = { 'Content-Type': 'application/dicom+json' };
export const signal = new AbortController().signal;

/** A scripted peer for each test of the file, and clients of it that are closed behind it. */
export class Scripted {
  peer!: ScriptedPeer;
  private readonly clients: { close(): Promise<void> }[] = [];

  constructor() {
    beforeEach(async () => {
      this.peer = await ScriptedPeer.start();
    });
    afterEach(async () => {
      await Promise.all(this.clients.splice(0).map((client) => client.close()));
      await this.peer.stop();
    });
  }

  /** The same answer to whatever is asked. */
  answers(answer: ScriptedAnswer): void {
    this.peer.script = () => answer;
  }

  imageSource(options: Partial<PeerOptions> = {}): DicomwebImageSource {
    const source = new DicomwebImageSource({ name: 'pacs', url: this.peer.url, ...options });
    this.clients.push(source);
    return source;
  }

  receiver(options: Partial<PeerOptions> = {}): DicomwebReceiver {
    const receiver = new DicomwebReceiver({ name: 'archive', url: this.peer.url, ...options });
    this.clients.push(receiver);
    return receiver;
  }
}

export async function faultOf(deed: Promise<unknown>): Promise<Fault> {
  try {
    await deed;
  } catch (error) {
    expect(error).toBeInstanceOf(Fault);
    return error as Fault;
  }
  throw new Error('no fault');
}
