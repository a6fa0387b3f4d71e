import { couldNot, Fault } from '../base/errors';
import { faultFields, type Log } from '../base/log';
import { RECEIVED } from '../base/reserved-names';
import type { DataSet } from '../dicom/data-set';
import { readPart10 } from '../dicom/part10/read';
import { KEY_OBJECT_SELECTION_DOCUMENT } from '../dicom/sop-class';
import { TAGS } from '../dicom/tags';
import { type IntakeDeps, takeKeyObject } from './intake';
import type { InstanceBytes } from './ports';
import type { Kept, ReceivedInstance, ReceivedStore, SealedDraft } from './received-ports';

/** Why an instance was not stored, or was with a warning. */
export type StoreReason =
  | 'cannot-understand'
  | 'transfer-syntax-not-supported'
  | 'sop-class-not-supported'
  /** It lacks what names it, or its study is not the one that the request is for. */
  | 'does-not-match'
  /** Its SOP Instance UID stands for other bytes here. */
  | 'duplicate'
  | 'out-of-resources'
  | 'processing-failure';

export interface StoredPart {
  /** null where the part could not be told apart. */
  readonly instance: { readonly SOPClassUID: string; readonly SOPInstanceUID: string } | null;
  readonly result: 'stored' | 'refused';
  /** Of a stored one: why all the same it will not become an export. */
  readonly reason: StoreReason | null;
}

export interface ReceiveDeps {
  readonly received: ReceivedStore;
  readonly intake: IntakeDeps;
  readonly log: Log;
}

type Part =
  | { readonly accepted: true; readonly draft: SealedDraft; readonly instance: ReceivedInstance }
  | { readonly accepted: false; readonly instance: StoredPart['instance']; readonly reason: StoreReason };

/** PS3.5 9.1: digits and full stops in between, no component empty. */
const UID = /^(?=.{1,64}$)[0-9]+(\.[0-9]+)*$/;
/**
 * Of the standard's SOP Classes those of composite instances that belong to a patient (PS3.4 B.5, with RT delivery
 * instructions in 34): not directories, printing, worklists and what else is no instance of a study.
 */
const STANDARD = /^1\.2\.840\.10008\./;
const STORAGE = /^1\.2\.840\.10008\.5\.1\.4\.(1\.1|34)\.[0-9.]+$/;

/** What one request stores. Nothing of it is of effect before `keep`. */
export class ReceivingRequest {
  private parts: Part[] = [];

  constructor(
    /** The study that the address names, or null. */
    private readonly study: string | null,
    private readonly deps: ReceiveDeps,
  ) {}

  /** One part, read to its end while it is being sealed. Only errors of the body itself come out as thrown. */
  async take(bytes: InstanceBytes): Promise<void> {
    this.parts.push(await this.read(bytes));
  }

  /** A part that is no DICOM instance by what it says of itself. */
  refuse(reason: StoreReason): void {
    this.parts.push({ accepted: false, instance: null, reason });
  }

  private async read(bytes: InstanceBytes): Promise<Part> {
    let draft: SealedDraft;
    try {
      draft = await this.deps.received.draft();
    } catch (error) {
      return { accepted: false, instance: null, reason: this.diskReason(error) };
    }
    const sealing = new Sealing(bytes, draft);
    let accepted = false;
    try {
      const header = await readToEnd(sealing);
      const part = this.judge(header, draft);
      accepted = part.accepted;
      if (accepted) await sealing.finish();
      return part;
    } catch (error) {
      accepted = false;
      if (sealing.bodyFailure !== undefined) throw sealing.bodyFailure;
      if (sealing.diskFailure !== undefined) {
        return { accepted: false, instance: null, reason: this.diskReason(sealing.diskFailure) };
      }
      if (!(error instanceof Fault)) throw error;
      const reason =
        error.code === 'UNSUPPORTED_TRANSFER_SYNTAX' ? 'transfer-syntax-not-supported' : 'cannot-understand';
      this.deps.log.warn('a part cannot be read as an instance', faultFields(error));
      return { accepted: false, instance: null, reason };
    } finally {
      if (!accepted) await draft.discard();
    }
  }

  private judge(header: DataSet, draft: SealedDraft): Part {
    const uid = (tag: number): string => header.string(tag) ?? '';
    const instance: ReceivedInstance = {
      StudyInstanceUID: uid(TAGS.StudyInstanceUID),
      SeriesInstanceUID: uid(TAGS.SeriesInstanceUID),
      SOPInstanceUID: uid(TAGS.SOPInstanceUID),
      SOPClassUID: uid(TAGS.SOPClassUID),
    };
    const { SOPClassUID, SOPInstanceUID, StudyInstanceUID, SeriesInstanceUID } = instance;
    const named = UID.test(SOPClassUID) && UID.test(SOPInstanceUID) ? { SOPClassUID, SOPInstanceUID } : null;
    const refused = (reason: StoreReason): Part => ({ accepted: false, instance: named, reason });
    if (STANDARD.test(SOPClassUID) && !STORAGE.test(SOPClassUID)) return refused('sop-class-not-supported');
    if (named === null || !UID.test(StudyInstanceUID) || !UID.test(SeriesInstanceUID)) return refused('does-not-match');
    if (this.study !== null && this.study !== StudyInstanceUID) return refused('does-not-match');
    return { accepted: true, draft, instance };
  }

  private diskReason(error: unknown): StoreReason {
    const code = (error as NodeJS.ErrnoException | null)?.code ?? '';
    this.deps.log.error('a received instance cannot be written', faultFields(error));
    return ['ENOSPC', 'EDQUOT', 'EMFILE', 'ENFILE'].includes(code) ? 'out-of-resources' : 'processing-failure';
  }

  /** Keeps what was accepted, and opens a session for each Key Object that asks for an export; one answer for each part. */
  async keep(): Promise<readonly StoredPart[]> {
    const accepted = this.parts.filter((part) => part.accepted);
    const verdicts = accepted.length === 0 ? [] : await this.deps.received.keep(accepted);
    // Kept ones are the store's from here on.
    const kept = new Map<Part, Kept>(accepted.map((part, at) => [part, verdicts[at] ?? 'other']));
    const results: StoredPart[] = [];
    for (const part of this.parts) {
      const { instance } = part;
      if (!part.accepted) {
        results.push({ instance, result: 'refused', reason: part.reason });
      } else if (kept.get(part) === 'other') {
        results.push({ instance, result: 'refused', reason: 'duplicate' });
      } else {
        results.push({ instance, result: 'stored', reason: await this.takeSelection(part.instance) });
      }
    }
    this.parts = [];
    return results;
  }

  /** RAD-51: after all other instances of the request, so that a selection finds what came along with it. */
  private async takeSelection(instance: ReceivedInstance): Promise<StoreReason | null> {
    if (instance.SOPClassUID !== KEY_OBJECT_SELECTION_DOCUMENT) return null;
    const { received, intake } = this.deps;
    if ((await intake.store.unseen(RECEIVED, [instance.SOPInstanceUID])).length === 0) return null;
    const bytes = await received.open(instance.SOPInstanceUID);
    if (bytes === null) throw couldNot('RECEIVED_INSTANCE_GONE', 'an instance that was just received is gone');
    const { header } = await readPart10(bytes);
    const taken = await takeKeyObject(header, { ...instance, imageSource: RECEIVED }, undefined, intake);
    return taken === 'unreadable' ? 'does-not-match' : null;
  }

  /** The request came to nothing. Safe after `keep`. */
  async discard(): Promise<void> {
    for (const part of this.parts) if (part.accepted) await part.draft.discard();
    this.parts = [];
  }
}

/** Reads all of it, so that an instance that was cut short before it was sent is not taken for a good one. */
async function readToEnd(sealing: Sealing): Promise<DataSet> {
  const { header, rest } = await readPart10(sealing, { elide: (_tag, vr) => vr !== 'SQ' });
  for await (const _part of rest) {
    // Asking for the next part passes over the one before.
  }
  await sealing.rest();
  return header;
}

/** Passes chunks on to the reader and seals each. */
class Sealing implements AsyncIterable<Uint8Array> {
  bodyFailure: unknown;
  diskFailure: unknown;
  private readonly source: AsyncIterator<Uint8Array>;

  constructor(
    bytes: InstanceBytes,
    private readonly draft: SealedDraft,
  ) {
    this.source = bytes[Symbol.asyncIterator]();
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    return { next: () => this.next() };
  }

  /** What the reader left: padding behind the last element. */
  async rest(): Promise<void> {
    while ((await this.next()).done !== true);
  }

  async finish(): Promise<void> {
    await this.onDisk(() => this.draft.finish());
  }

  private async next(): Promise<IteratorResult<Uint8Array>> {
    let result: IteratorResult<Uint8Array>;
    try {
      result = await this.source.next();
    } catch (error) {
      this.bodyFailure = error;
      throw error;
    }
    if (result.done !== true) {
      const chunk = result.value;
      await this.onDisk(() => this.draft.write(chunk));
    }
    return result;
  }

  private async onDisk(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.diskFailure = error;
      throw error;
    }
  }
}
