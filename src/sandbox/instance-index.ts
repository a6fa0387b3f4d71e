import { mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { DataSet } from '../dicom/data-set';
import { readPart10 } from '../dicom/part10/read';
import type { Tag } from '../dicom/tag';
import { TAGS } from '../dicom/tags';
import { INSTANCE_ATTRIBUTES, SERIES_ATTRIBUTES, STUDY_ATTRIBUTES } from './search-attributes';

/** Folder below the served one in which parts are held until they are known to be whole. Dotted: never indexed. */
const INCOMING = '.incoming';
const READ_SIZE = 256 * 1024;
/** Files looked at side by side. */
const READERS = 8;

/** Values of the attributes that searches match and return. */
export type Attributes = ReadonlyMap<Tag, readonly string[]>;

export interface IndexedInstance {
  readonly path: string;
  readonly size: number;
  readonly transferSyntaxUID: string;
  readonly StudyInstanceUID: string;
  readonly SeriesInstanceUID: string;
  readonly SOPInstanceUID: string;
  readonly SOPClassUID: string;
  readonly attributes: Attributes;
}

export interface IndexedSeries {
  readonly SeriesInstanceUID: string;
  readonly instances: Map<string, IndexedInstance>;
}

export interface IndexedStudy {
  readonly StudyInstanceUID: string;
  readonly series: Map<string, IndexedSeries>;
}

/** Which instance a data set is; undefined where it does not say, or says it in a way that cannot stand in a path. */
export interface InstanceIdentity {
  readonly StudyInstanceUID: string;
  readonly SeriesInstanceUID: string;
  readonly SOPInstanceUID: string;
  readonly SOPClassUID: string;
}

/** Digits and full stops in between: also what keeps a stored instance inside its folder. */
const SAFE_UID = /^[0-9]+(\.[0-9]+)*$/;

export function identityOf(header: DataSet): InstanceIdentity | undefined {
  const StudyInstanceUID = header.string(TAGS.StudyInstanceUID);
  const SeriesInstanceUID = header.string(TAGS.SeriesInstanceUID);
  const SOPInstanceUID = header.string(TAGS.SOPInstanceUID);
  const SOPClassUID = header.string(TAGS.SOPClassUID);
  for (const uid of [StudyInstanceUID, SeriesInstanceUID, SOPInstanceUID, SOPClassUID]) {
    if (uid === undefined || uid.length > 64 || !SAFE_UID.test(uid)) {
      return undefined;
    }
  }
  return {
    StudyInstanceUID: StudyInstanceUID!,
    SeriesInstanceUID: SeriesInstanceUID!,
    SOPInstanceUID: SOPInstanceUID!,
    SOPClassUID: SOPClassUID!,
  };
}

/** The chunks of a file, read ahead by one. */
export async function* fileChunks(path: string): AsyncGenerator<Uint8Array, void, undefined> {
  const file = await open(path);
  try {
    for (;;) {
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(READ_SIZE), 0, READ_SIZE, null);
      if (bytesRead === 0) {
        return;
      }
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

/** The data set of a file up to its first bulk element. Values over 64 KiB are passed over. */
export async function readHeader(
  path: string,
): Promise<{ readonly header: DataSet; readonly transferSyntaxUID: string; readonly size: number }> {
  const source = fileChunks(path);
  try {
    const { header, transferSyntax } = await readPart10(source, { elide: () => true });
    return { header, transferSyntaxUID: transferSyntax.uid, size: (await stat(path)).size };
  } finally {
    await source.return();
  }
}

/** What the folder holds, in memory: by study, series and instance. */
export class InstanceIndex {
  readonly studies = new Map<string, IndexedStudy>();
  private readonly byInstance = new Map<string, IndexedInstance>();

  private constructor(readonly directory: string) {}

  static async of(directory: string): Promise<InstanceIndex> {
    const index = new InstanceIndex(directory);
    // Of an earlier run that was ended in the middle of a part.
    await rm(join(directory, INCOMING), { recursive: true, force: true });
    await mkdir(join(directory, INCOMING), { recursive: true });
    await index.scan();
    return index;
  }

  get incoming(): string {
    return join(this.directory, INCOMING);
  }

  get size(): number {
    return this.byInstance.size;
  }

  instance(SOPInstanceUID: string): IndexedInstance | undefined {
    return this.byInstance.get(SOPInstanceUID);
  }

  /** Adds every file below the folder that is a DICOM instance and is not known yet; whatever else lies there is left alone. */
  async scan(): Promise<void> {
    const known = new Set([...this.byInstance.values()].map(({ path }) => path));
    const entries = await readdir(this.directory, { recursive: true, withFileTypes: true });
    const paths = entries
      .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => !path.startsWith(join(this.incoming, '/')) && !known.has(path))
      // One order whatever the file system's is: the first of two files of the same instance wins.
      .sort()
      .values();
    const found = new Map<string, IndexedInstance>();
    const reader = async (): Promise<void> => {
      for (const path of paths) {
        const instance = await readInstance(path);
        if (instance !== undefined) {
          found.set(path, instance);
        }
      }
    };
    await Promise.all(Array.from({ length: READERS }, reader));
    for (const path of [...found.keys()].sort()) {
      this.add(found.get(path)!);
    }
  }

  /** false: an instance of that UID is there already, and stays as it is. */
  add(instance: IndexedInstance): boolean {
    if (this.byInstance.has(instance.SOPInstanceUID)) {
      return false;
    }
    this.byInstance.set(instance.SOPInstanceUID, instance);
    const { StudyInstanceUID, SeriesInstanceUID, SOPInstanceUID } = instance;
    let study = this.studies.get(StudyInstanceUID);
    if (study === undefined) {
      study = { StudyInstanceUID, series: new Map() };
      this.studies.set(StudyInstanceUID, study);
    }
    let series = study.series.get(SeriesInstanceUID);
    if (series === undefined) {
      series = { SeriesInstanceUID, instances: new Map() };
      study.series.set(SeriesInstanceUID, series);
    }
    series.instances.set(SOPInstanceUID, instance);
    return true;
  }

  remove({ StudyInstanceUID, SeriesInstanceUID, SOPInstanceUID }: IndexedInstance): void {
    this.byInstance.delete(SOPInstanceUID);
    const study = this.studies.get(StudyInstanceUID);
    const series = study?.series.get(SeriesInstanceUID);
    series?.instances.delete(SOPInstanceUID);
    if (series?.instances.size === 0) {
      study!.series.delete(SeriesInstanceUID);
    }
    if (study?.series.size === 0) {
      this.studies.delete(StudyInstanceUID);
    }
  }

  /** The instances of a study, a series, or one; [] where there is none such. */
  select(study: string, series?: string, instance?: string): readonly IndexedInstance[] {
    const found: IndexedInstance[] = [];
    for (const each of this.studies.get(study)?.series.values() ?? []) {
      if (series !== undefined && each.SeriesInstanceUID !== series) {
        continue;
      }
      for (const one of each.instances.values()) {
        if (instance === undefined || one.SOPInstanceUID === instance) {
          found.push(one);
        }
      }
    }
    return found;
  }
}

async function readInstance(path: string): Promise<IndexedInstance | undefined> {
  try {
    const { header, transferSyntaxUID, size } = await readHeader(path);
    return indexed(path, size, transferSyntaxUID, header);
  } catch {
    // No DICOM file, or one that cannot be read: not offered.
    return undefined;
  }
}

export function indexed(
  path: string,
  size: number,
  transferSyntaxUID: string,
  header: DataSet,
): IndexedInstance | undefined {
  const identity = identityOf(header);
  if (identity === undefined) {
    return undefined;
  }
  const attributes = new Map<Tag, readonly string[]>();
  for (const tag of [...STUDY_ATTRIBUTES, ...SERIES_ATTRIBUTES, ...INSTANCE_ATTRIBUTES]) {
    const element = header.element(tag);
    if (element === undefined || element.elided) {
      continue;
    }
    const values = element.vr === 'US' ? header.numbers(tag).map(String) : header.strings(tag);
    if (values.length > 0) {
      attributes.set(tag, values);
    }
  }
  return { path, size, transferSyntaxUID, ...identity, attributes };
}
