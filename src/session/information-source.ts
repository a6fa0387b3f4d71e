import { couldNot, Fault } from '../base/errors';
import { DUMMY_TEXT } from '../deidentification/dummies';
import type { DataSet } from '../dicom/data-set';
import { readPart10 } from '../dicom/part10/read';
import { writePart10Bytes } from '../dicom/part10/write';
import { ENHANCED_SR } from '../dicom/sop-class';
import { TAGS } from '../dicom/tags';
import { EXPLICIT_VR_LITTLE_ENDIAN, ExplicitVRLittleEndian } from '../dicom/transfer-syntax';
import { buildTeachingFileInformation } from '../selection/additional-teaching-file-information/build';
import {
  INFORMATION_SOP_CLASSES,
  isTeachingFileInformation,
} from '../selection/additional-teaching-file-information/read';
import type { ExportSelection, InstanceReference } from '../selection/export-selection';
import type { FlowDeps } from './flow-deps';
import type { WrittenInformation } from './information-port';
import type { ImageSource, InstanceMatch, RetrievedInstance } from './ports';
import type { Project } from './store-port';

/*
 * Additional Teaching File Information that the selection does not name. What was written here takes the way of every
 * other instance, as if the image source kept it: it is de-identified, looked at by people, verified, sent and named in
 * the manifest by the same code.
 */

type Resource = Parameters<ImageSource['retrieve']>[0];

/** The image source as a session sees it: with the document that was written for it. */
export async function sourceOfSession(
  sessionId: string,
  selection: ExportSelection,
  source: ImageSource,
  deps: Pick<FlowDeps, 'store'>,
): Promise<ImageSource> {
  const written = await deps.store.writtenInformation(sessionId);
  return written === null ? source : new SourceWithInformation(source, selection, written);
}

/** Notes what leaves with the session beside its selection; called before it is planned. */
export async function addInformation(
  sessionId: string,
  selection: ExportSelection,
  project: Project,
  source: ImageSource,
  deps: Pick<FlowDeps, 'store' | 'addsUnreferencedInformation'>,
  signal: AbortSignal,
): Promise<void> {
  const added: InstanceReference[] = [];
  if (source instanceof SourceWithInformation) added.push(source.reference);
  if (deps.addsUnreferencedInformation?.(project) === true) {
    added.push(...(await unreferenced(selection, source, deps, signal)));
  }
  await deps.store.addInstances(sessionId, added);
}

/** The selection with those that leave beside it: a manifest names all of its set. */
export function withAdded(
  selection: ExportSelection,
  instances: readonly {
    readonly StudyInstanceUID: string;
    readonly SeriesInstanceUID: string;
    readonly SOPClassUID: string;
    readonly SOPInstanceUID: string;
  }[],
): ExportSelection {
  const named = new Set(selection.references.map(({ SOPInstanceUID }) => SOPInstanceUID));
  const added = instances.filter(({ SOPInstanceUID }) => !named.has(SOPInstanceUID)).map(referenceTo);
  return added.length === 0 ? selection : { ...selection, references: [...selection.references, ...added] };
}

function referenceTo({
  StudyInstanceUID,
  SeriesInstanceUID,
  SOPClassUID,
  SOPInstanceUID,
}: Pick<
  InstanceReference,
  'StudyInstanceUID' | 'SeriesInstanceUID' | 'SOPClassUID' | 'SOPInstanceUID'
>): InstanceReference {
  return {
    StudyInstanceUID,
    SeriesInstanceUID,
    SOPClassUID,
    SOPInstanceUID,
    frames: [],
    valueType: 'COMPOSITE',
    attached: [],
  };
}

function studiesOf(selection: ExportSelection): readonly string[] {
  return [...new Set(selection.references.map(({ StudyInstanceUID }) => StudyInstanceUID))];
}

/** Lying in a study of the selection, not named by it and not rejected. */
async function unreferenced(
  selection: ExportSelection,
  source: ImageSource,
  deps: Pick<FlowDeps, 'store'>,
  signal: AbortSignal,
): Promise<readonly InstanceReference[]> {
  const named = new Set(selection.references.map(({ SOPInstanceUID }) => SOPInstanceUID));
  if (source instanceof SourceWithInformation) named.add(source.reference.SOPInstanceUID);
  const found: InstanceReference[] = [];
  for (const study of studiesOf(selection)) {
    for (const match of await source.findInstances(study, null, signal)) {
      if (named.has(match.SOPInstanceUID) || !INFORMATION_SOP_CLASSES.includes(match.SOPClassUID ?? '')) continue;
      const header = await headerOf(source, match, signal);
      if (header === undefined || !isTeachingFileInformation(header)) continue;
      found.push(referenceTo({ ...match, SOPClassUID: header.string(TAGS.SOPClassUID) ?? '' }));
    }
  }
  const rejected = await deps.store.rejections(found.map(({ SOPInstanceUID }) => SOPInstanceUID));
  return found.filter(({ SOPInstanceUID }) => !rejected.has(SOPInstanceUID));
}

/** undefined where the source does not have it, or it cannot be read. */
async function headerOf(
  source: ImageSource,
  { StudyInstanceUID, SeriesInstanceUID, SOPInstanceUID }: Omit<InstanceMatch, 'SOPClassUID'>,
  signal: AbortSignal,
): Promise<DataSet | undefined> {
  const resource = { study: StudyInstanceUID, series: SeriesInstanceUID, instance: SOPInstanceUID };
  try {
    for await (const { bytes } of source.retrieve(resource, signal)) return (await readPart10(bytes)).header;
  } catch (error) {
    const isGone = error instanceof Fault && (error.code === 'INSTANCE_NOT_FOUND' || !error.retryable);
    if (signal.aborted || !isGone) throw error;
  }
  return undefined;
}

class SourceWithInformation implements ImageSource {
  readonly name: string;
  readonly reference: InstanceReference;
  readonly headers?: NonNullable<ImageSource['headers']>;
  readonly #inner: ImageSource;
  readonly #selection: ExportSelection;
  readonly #written: WrittenInformation;
  #bytes: Promise<readonly Uint8Array[]> | undefined;

  constructor(inner: ImageSource, selection: ExportSelection, written: WrittenInformation) {
    const studies = studiesOf(selection);
    const home = selection.source.StudyInstanceUID;
    this.name = inner.name;
    this.#inner = inner;
    this.#selection = selection;
    this.#written = written;
    this.reference = referenceTo({
      StudyInstanceUID: studies.includes(home) ? home : (studies[0] ?? home),
      SeriesInstanceUID: written.SeriesInstanceUID,
      SOPClassUID: ENHANCED_SR,
      SOPInstanceUID: written.SOPInstanceUID,
    });
    if (inner.headers !== undefined) this.headers = inner.headers.bind(inner);
  }

  findKeyObjects(signal: AbortSignal): AsyncIterable<InstanceMatch> {
    return this.#inner.findKeyObjects(signal);
  }

  async findInstances(study: string, series: string | null, signal: AbortSignal): Promise<readonly InstanceMatch[]> {
    const { reference } = this;
    if (series === reference.SeriesInstanceUID) return [reference];
    const found = await this.#inner.findInstances(study, series, signal);
    return study === reference.StudyInstanceUID && series === null ? [...found, reference] : found;
  }

  async seriesSizes(study: string, signal: AbortSignal): Promise<ReadonlyMap<string, number | null>> {
    const sizes = await this.#inner.seriesSizes(study, signal);
    const { StudyInstanceUID, SeriesInstanceUID } = this.reference;
    return study === StudyInstanceUID ? new Map([...sizes, [SeriesInstanceUID, 1]]) : sizes;
  }

  async *retrieve(resource: Resource, signal: AbortSignal): AsyncGenerator<RetrievedInstance> {
    const { StudyInstanceUID, SeriesInstanceUID } = this.reference;
    if (resource.series !== SeriesInstanceUID) yield* this.#inner.retrieve(resource, signal);
    const wholeStudy = resource.series === undefined && resource.instance === undefined;
    if (resource.study !== StudyInstanceUID || !(wholeStudy || resource.series === SeriesInstanceUID)) return;
    this.#bytes ??= this.#make(signal);
    yield { contentType: null, bytes: each(await this.#bytes) };
  }

  /** Patient and study are those of the first instance of the selection there: the same in every run. */
  async #make(signal: AbortSignal): Promise<readonly Uint8Array[]> {
    const { StudyInstanceUID, SOPInstanceUID, SeriesInstanceUID } = this.reference;
    const first = this.#selection.references.find((each) => each.StudyInstanceUID === StudyInstanceUID);
    const instance = first === undefined ? undefined : await this.#headerOf(first, signal);
    if (instance === undefined) {
      throw couldNot('INSTANCE_NOT_FOUND', 'the image source does not have the instance that tells whose the study is');
    }
    const [date = '', time = ''] = this.#written.writtenAt.toISOString().split('T');
    const document = buildTeachingFileInformation(this.#written.information, {
      SOPClassUID: ENHANCED_SR,
      SOPInstanceUID,
      StudyInstanceUID,
      SeriesInstanceUID,
      SeriesNumber: '1',
      InstanceNumber: '1',
      contentDate: date.replaceAll('-', ''),
      contentTime: time.slice(0, 8).replaceAll(':', ''),
      instance,
      encoding: EXPLICIT_VR_LITTLE_ENDIAN,
      layout: 'nested',
      placeholder: DUMMY_TEXT,
    });
    return writePart10Bytes(ExplicitVRLittleEndian, document);
  }

  async #headerOf(reference: InstanceReference, signal: AbortSignal): Promise<DataSet | undefined> {
    const { StudyInstanceUID, SOPInstanceUID } = reference;
    let { SeriesInstanceUID } = reference;
    const known = SeriesInstanceUID === '' ? undefined : await headerOf(this.#inner, reference, signal);
    if (known !== undefined) return known;
    // The selection says otherwise than the source, or nothing.
    const matches = await this.#inner.findInstances(StudyInstanceUID, null, signal);
    SeriesInstanceUID = matches.find((match) => match.SOPInstanceUID === SOPInstanceUID)?.SeriesInstanceUID ?? '';
    if (SeriesInstanceUID === '') return undefined;
    return headerOf(this.#inner, { StudyInstanceUID, SeriesInstanceUID, SOPInstanceUID }, signal);
  }
}

async function* each(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}
