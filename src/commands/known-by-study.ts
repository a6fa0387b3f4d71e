import { closeSync, openSync, readSync } from 'node:fs';
import type { KnownIdentifiers } from '../deidentification/free-text';
import { type DeidentificationPolicy, keepsText } from '../deidentification/policy';
import { knownFrom } from '../deidentification/text-cleaning';
import type { DataSet } from '../dicom/data-set';
import { readPart10 } from '../dicom/part10/read';

/** More than most headers have; pixels after it are not read. */
const HEADER_PIECE = 32 * 1024;

/** What identifies the patient, the staff and the house of each study, from the headers of all its instances. */
export class KnownByStudy {
  readonly needed: boolean;
  private readonly studies = new Map<string, { readonly all: KnownIdentifiers; readonly last: KnownIdentifiers }>();

  constructor(policy: DeidentificationPolicy) {
    this.needed = keepsText(policy);
  }

  /** Looks at the header only. A file that cannot be read is told of when its turn comes. */
  async read(file: string): Promise<void> {
    try {
      const { header } = await readPart10(beginning(file));
      this.add(header);
    } catch {
      // Its own outcome says why.
    }
  }

  private add(header: DataSet): void {
    const study = header.string(0x0020000d);
    if (study === undefined) return;
    const known = knownFrom(header);
    const before = this.studies.get(study);
    // Headers of a series mostly name the same.
    if (before?.last === known) return;
    this.studies.set(study, { all: before === undefined ? known : before.all.with(known), last: known });
  }

  /** undefined: those of the instance itself. */
  of(header: DataSet): KnownIdentifiers | undefined {
    return this.studies.get(header.string(0x0020000d) ?? '')?.all;
  }
}

/** Piece by piece, each read when it is asked for: most headers end within the first. */
async function* beginning(file: string): AsyncGenerator<Uint8Array> {
  const descriptor = openSync(file, 'r');
  try {
    for (;;) {
      // Not from the pool and never used again: the header keeps views of it.
      const piece = Buffer.allocUnsafeSlow(HEADER_PIECE);
      const length = readSync(descriptor, piece, 0, HEADER_PIECE, null);
      if (length === 0) return;
      yield piece.subarray(0, length);
    }
  } finally {
    closeSync(descriptor);
  }
}
