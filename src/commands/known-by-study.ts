import { createReadStream } from 'node:fs';
import { KnownIdentifiers } from '../deidentification/free-text';
import type { DeidentificationPolicy } from '../deidentification/policy';
import type { ProfileOption } from '../deidentification/profile-options';
import type { DataSet } from '../dicom/data-set';
import { readPart10 } from '../dicom/part10/read';

/** Options under which text is kept and cleaned. */
const KEEPS_TEXT: readonly ProfileOption[] = [
  'clean-descriptors',
  'clean-structured-content',
  'retain-patient-characteristics',
  'retain-safe-private',
];

/** More than most headers have; pixels after it are not read. */
const HEADER_CHUNK = 64 * 1024;

/** What identifies the patient, the staff and the house of each study, from the headers of all its instances. */
export class KnownByStudy {
  readonly needed: boolean;
  private readonly studies = new Map<string, KnownIdentifiers>();

  constructor(policy: DeidentificationPolicy) {
    this.needed = KEEPS_TEXT.some((option) => policy.options.has(option)) || (policy.overrides ?? []).length > 0;
  }

  /** Looks at the header only. A file that cannot be read is told of when its turn comes. */
  async read(file: string): Promise<void> {
    const stream = createReadStream(file, { highWaterMark: HEADER_CHUNK });
    try {
      const { header } = await readPart10(stream);
      this.add(header);
    } catch {
      // Its own outcome says why.
    } finally {
      stream.destroy();
    }
  }

  private add(header: DataSet): void {
    const study = header.string(0x0020000d);
    if (study === undefined) return;
    const known = KnownIdentifiers.collect([header]);
    const before = this.studies.get(study);
    this.studies.set(study, before === undefined ? known : before.with(known));
  }

  /** undefined: those of the instance itself. */
  of(header: DataSet): KnownIdentifiers | undefined {
    return this.studies.get(header.string(0x0020000d) ?? '');
  }
}
