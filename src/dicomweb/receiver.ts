import type { InstanceToStore, Receiver, StoreAnswer } from '../session/ports';
import { textOf } from './dicom-json-match';
import { Peer, type PeerOptions } from './peer';
import { StatusFault } from './peer-faults';
import { type ProbeResult, probePeer } from './probe';
import { Search } from './search';
import { storeInstances } from './store';

const SOP_INSTANCE_UID = '00080018';
const STUDY_INSTANCE_UID = '0020000D';

/** Answers of a server that offers no searches, or not this one. */
const NO_SEARCH: ReadonlySet<number> = new Set([400, 404, 405, 501]);

/** A DICOMweb server that the de-identified set is stored to. */
export class DicomwebReceiver implements Receiver {
  readonly name: string;
  private readonly peer: Peer;
  private readonly search: Search;

  constructor(options: PeerOptions) {
    this.name = options.name;
    this.peer = new Peer(options);
    this.search = new Search(this.peer);
  }

  /** `byteLengths`: sizes of the instances in order, where known beforehand; large ones are then taken much faster. */
  store(
    study: string,
    instances: AsyncIterable<InstanceToStore>,
    signal: AbortSignal,
    byteLengths?: readonly number[],
  ): Promise<StoreAnswer> {
    return storeInstances(this.peer, study, instances, signal, byteLengths);
  }

  async kept(study: string, signal: AbortSignal): Promise<ReadonlySet<string> | null> {
    const kept = new Set<string>();
    try {
      const matches = this.search.matches(
        { level: 'instances', study },
        {},
        (match) => textOf(match, SOP_INSTANCE_UID),
        signal,
      );
      for await (const match of matches) {
        const uid = textOf(match, SOP_INSTANCE_UID);
        if (uid !== undefined && (textOf(match, STUDY_INSTANCE_UID) ?? study) === study) {
          kept.add(uid);
        }
      }
      return kept;
    } catch (error) {
      if (!(error instanceof StatusFault) || !NO_SEARCH.has(error.status)) {
        throw error;
      }
      // 404 may mean that there is no such study, or that there is no such service.
      return error.status === 404 && (await this.searches(signal)) ? new Set() : null;
    }
  }

  private async searches(signal: AbortSignal): Promise<boolean> {
    try {
      await this.search.page({ level: 'studies' }, { limit: '1' }, signal);
      return true;
    } catch (error) {
      if (error instanceof StatusFault && NO_SEARCH.has(error.status)) {
        return false;
      }
      throw error;
    }
  }

  /** Whether the server can be reached and answers searches; what is wrong, in words, where not. */
  probe(signal: AbortSignal): Promise<ProbeResult> {
    return probePeer(this.search, signal);
  }

  close(): Promise<void> {
    return this.peer.close();
  }
}
