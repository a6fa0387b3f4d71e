import type { DataSet } from '../dicom/data-set';

/** Bytes of one PS3.10 instance as they arrive. Ends with an error where the body was cut short. */
export type InstanceBytes = AsyncIterable<Uint8Array>;

/** One match of a QIDO-RS search at instance level, checked by the adapter against the keys that were asked for. */
export interface InstanceMatch {
  readonly StudyInstanceUID: string;
  readonly SeriesInstanceUID: string;
  readonly SOPInstanceUID: string;
  readonly SOPClassUID: string | null;
}

export interface RetrievedInstance {
  /** As the multipart part names it; null where the part does not say. The reader of the bytes decides. */
  readonly contentType: string | null;
  readonly bytes: InstanceBytes;
}

/** A DICOMweb origin server that holds the originals (QIDO-RS, WADO-RS; PS3.18). Errors are `Fault`s. */
export interface ImageSource {
  readonly name: string;
  /** Every Key Object instance the source has, found by paging over QIDO `Modality=KO`; each match re-checked. */
  findKeyObjects(signal: AbortSignal): AsyncIterable<InstanceMatch>;
  /** SOP Instance UIDs that the source says it has in one series. Used to tell what is missing. */
  findInstances(study: string, series: string | null, signal: AbortSignal): Promise<readonly InstanceMatch[]>;
  /** How many instances each series of a study has; null where the source does not say. An unknown study has none. */
  seriesSizes(study: string, signal: AbortSignal): Promise<ReadonlyMap<string, number | null>>;
  /**
   * The header of every instance of a study as far as the source tells it without the instances: bulk data, and perhaps
   * more, is left out. Left out where the source cannot.
   */
  headers?(study: string, signal: AbortSignal): AsyncIterable<DataSet>;
  /**
   * WADO-RS with `transfer-syntax=*`. Instances come in any order, one after the other; each must be consumed before
   * the next is asked for. Ends with a Fault where the multipart body lacks its closing boundary.
   * Throws Fault `INSTANCE_NOT_FOUND` (could-not) on 404.
   */
  retrieve(
    resource: { readonly study: string; readonly series?: string; readonly instance?: string },
    signal: AbortSignal,
  ): AsyncIterable<RetrievedInstance>;
}

/** What the Receiver said of one instance (PS3.18 10.5.3, Store Instances Response). */
export type StoreVerdict =
  | { readonly verdict: 'stored'; readonly warningReason: number | null }
  | { readonly verdict: 'refused'; readonly failureReason: number | null }
  /** The answer named the instance nowhere: whether it was kept must be asked by QIDO. */
  | { readonly verdict: 'unknown' };

export interface InstanceToStore {
  readonly SOPClassUID: string;
  readonly SeriesInstanceUID: string;
  readonly SOPInstanceUID: string;
  readonly bytes: InstanceBytes;
}

export interface StoreAnswer {
  readonly status: number;
  /** By SOP Instance UID of what was sent. */
  readonly verdicts: ReadonlyMap<string, StoreVerdict>;
}

/** Where the de-identified set goes (STOW-RS, or a folder). Errors are `Fault`s. */
export interface Receiver {
  readonly name: string;
  /**
   * One STOW-RS request. When an `InstanceBytes` throws, the request is cut off and the same error comes out.
   * `byteLengths`: sizes of the instances, in order, where all are known; the request then says its length, which spares
   * some servers a great deal of copying.
   */
  store(
    study: string,
    instances: AsyncIterable<InstanceToStore>,
    signal: AbortSignal,
    byteLengths?: readonly number[],
  ): Promise<StoreAnswer>;
  /**
   * SOP Instance UIDs the Receiver says it keeps of a study or series; null where it does not answer QIDO-RS at all
   * (404, 405, 501 on the search resource). An unknown study is an empty set.
   */
  kept(
    where: { readonly study: string; readonly series?: string },
    signal: AbortSignal,
  ): Promise<ReadonlySet<string> | null>;
  /** As of an ImageSource; null where the Receiver does not answer QIDO-RS. */
  seriesSizes(study: string, signal: AbortSignal): Promise<ReadonlyMap<string, number | null> | null>;
}

/** What a Receiver wants otherwise than others: no rule of the profile says which goes first. */
export interface ReceiverHabits {
  /** Last, the manifest tells that the set is complete; first, it tells what to wait for. */
  readonly order: 'instances-first' | 'manifest-first';
  readonly titleCodes: 'as-received' | 'IHERADTF' | 'DCM';
}

export const DEFAULT_HABITS: ReceiverHabits = { order: 'instances-first', titleCodes: 'as-received' };
