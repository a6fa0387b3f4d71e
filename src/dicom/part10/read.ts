import type { DataElement, DataSet } from '../data-set';
import type { Tag } from '../tag';
import type { TransferSyntax } from '../transfer-syntax';
import type { VR } from '../vr';

export interface ReadOptions {
  /** Bytes of elements held at a time; more is Fault HEADER_TOO_LARGE. Default 64 MiB. */
  readonly maxHeaderBytes?: number;
  /** Sequences within sequences; more is Fault NESTED_TOO_DEEP. Default 100. */
  readonly maxDepth?: number;
  /**
   * Top-level elements for which this says true are skipped without being held when their value is over 64 KiB and
   * its length is defined; they come out with `elided`.
   */
  readonly elide?: (tag: Tag, vr: VR) => boolean;
}

export interface HeldElement {
  readonly kind: 'element';
  readonly element: DataElement;
}

export interface BulkHeader {
  readonly kind: 'bulk';
  readonly tag: Tag;
  readonly vr: VR;
  /** Of the value field; undefined where it comes as fragments up to a delimiter. */
  readonly length: number | undefined;
}

/** `chunks`: the whole encoded element, its header included, byte for byte. Throws Fault TRUNCATED where it ends early. */
export type TopLevelPart = HeldElement | (BulkHeader & { readonly chunks: AsyncIterable<Uint8Array> });
export type HeldPart = HeldElement | (BulkHeader & { readonly bytes: Uint8Array });

interface InstanceHead {
  readonly fileMeta: DataSet | null;
  /** As the bytes are encoded, also where the File Meta says otherwise or nothing. */
  readonly transferSyntax: TransferSyntax;
  /** Every top-level element before the first bulk one (pixel data), or all. */
  readonly header: DataSet;
}

export interface IncomingInstance extends InstanceHead {
  /** What follows, in order, to be gone through once; asking for the next part drains the one before. */
  readonly rest: AsyncIterable<TopLevelPart>;
}

export interface HeldInstance extends InstanceHead {
  readonly rest: readonly HeldPart[];
}

export function readPart10(_source: AsyncIterable<Uint8Array>, _options: ReadOptions = {}): Promise<IncomingInstance> {
  throw new Error('not yet');
}
export function readPart10Bytes(_bytes: Uint8Array, _options: ReadOptions = {}): HeldInstance {
  throw new Error('not yet');
}
