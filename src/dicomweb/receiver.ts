import type { InstanceToStore, Receiver, StoreAnswer } from '../session/ports';
import { textOf } from './dicom-json-match';
import { Peer, type PeerOptions } from './peer';
import { StatusFault } from './peer-faults';
import { type ProbeResult, probePeer } from './probe';
import { Search } from './search';
import { seriesSizes } from './series-sizes';
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

  kept(
    { study, series }: { readonly study: string; readonly series?: string },
    signal: AbortSignal,
  ): Promise<ReadonlySet<string> | null> {
    return this.whereSearched(signal, new Set<string>(), async () => {
      const kept = new Set<string>();
      const matches = this.search.matches(
        { level: 'instances', study, ...(series === undefined ? {} : { series }) },
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
    });
  }

  seriesSizes(study: string, signal: AbortSignal): Promise<ReadonlyMap<string, number | null> | null> {
    return this.whereSearched(signal, new Map<string, number | null>(), () => seriesSizes(this.search, study, signal));
  }

  /** null where the server offers no such search; `none` where it knows nothing of what was asked for. */
  private async whereSearched<T>(signal: AbortSignal, none: T, ask: () => Promise<T>): Promise<T | null> {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof StatusFault) || !NO_SEARCH.has(error.status)) {
        throw error;
      }
      // 404 may mean that there is no such study, or that there is no such service.
      return error.status === 404 && (await this.searches(signal)) ? none : null;
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
