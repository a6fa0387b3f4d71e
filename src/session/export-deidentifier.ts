import {
  type DeidentificationPlan,
  Deidentifier,
  type PlanOptions,
  type Pseudonyms,
} from '../deidentification/deidentifier';
import { DUMMY_TEXT, dummyText } from '../deidentification/dummies';
import { KnownIdentifiers, TextCleaner } from '../deidentification/free-text';
import type { DeidentificationPolicy } from '../deidentification/policy';
import { type DataSet, valuesOf } from '../dicom/data-set';
import { group, type Tag } from '../dicom/tag';
import { TAGS } from '../dicom/tags';
import type { VR } from '../dicom/vr';
import {
  buildTeachingFileInformation,
  type InformationLayout,
  informationContent,
} from '../selection/additional-teaching-file-information/build';
import {
  emptyRows,
  type InformationValue,
  type TeachingFileInformation,
} from '../selection/additional-teaching-file-information/information';
import {
  isTeachingFileInformation,
  readTeachingFileInformation,
} from '../selection/additional-teaching-file-information/read';

export interface ExportDeidentifierOptions {
  /** Author, Affiliation and Contact of teaching file information stay. */
  readonly keepAuthor?: boolean;
  readonly layout?: InformationLayout;
}

const CONTENT_SEQUENCE: Tag = 0x0040a730;
const CONTENT_DATE: Tag = 0x00080023;
const CONTENT_TIME: Tag = 0x00080033;
const SERIES_NUMBER: Tag = 0x00200011;
const INSTANCE_NUMBER: Tag = 0x00200013;
const PATIENT_GROUP = 0x0010;

const WORD = /[\p{L}\p{M}]{2,}/gu;

type Staff = Pick<TeachingFileInformation, 'author' | 'affiliation' | 'contact'>;
const NOBODY: Staff = { author: null, affiliation: null, contact: null };

/**
 * The deidentifier of a project, to which Additional Teaching File Information is more than a structured report: it is
 * worthless without its content, which the Basic Profile removes, so that Clean Structured Content (PS3.15 E.3.4,
 * 113104) is always done to it; and it leaves as a document built anew, of what was cleaned.
 */
export class ExportDeidentifier extends Deidentifier {
  readonly #plain: Deidentifier;
  readonly #strict: Deidentifier;
  readonly #policy: DeidentificationPolicy;
  readonly #options: ExportDeidentifierOptions;
  readonly #cleaner = new TextCleaner();
  #other: ExportDeidentifier | undefined;
  readonly #prepared = new WeakMap<DataSet, DataSet>();

  constructor(policy: DeidentificationPolicy, options: ExportDeidentifierOptions = {}) {
    super(policy);
    this.#policy = policy;
    this.#options = options;
    this.#plain = new Deidentifier(policy);
    this.#strict = policy.options.has('clean-structured-content')
      ? this.#plain
      : new Deidentifier({ ...policy, options: new Set([...policy.options, 'clean-structured-content' as const]) });
  }

  /** The same for a Receiver with other habits. */
  withLayout(layout: InformationLayout): ExportDeidentifier {
    if (layout === (this.#options.layout ?? 'nested')) return this;
    this.#other ??= new ExportDeidentifier(this.#policy, { ...this.#options, layout });
    return this.#other;
  }

  override plan(header: DataSet, options: PlanOptions = {}): DeidentificationPlan {
    if (!isTeachingFileInformation(header)) return super.plan(header, options);
    return this.#strict.plan(this.#prepare(header), options);
  }

  override apply(header: DataSet, plan: DeidentificationPlan, pseudonyms: Pseudonyms): DataSet {
    if (!isTeachingFileInformation(header)) return super.apply(header, plan, pseudonyms);
    return this.#rebuilt(header, this.#strict.apply(this.#prepare(header), plan, pseudonyms));
  }

  meant(header: DataSet): readonly string[] {
    if (this.#options.keepAuthor !== true || !isTeachingFileInformation(header)) return [];
    return Object.values(this.#staff(header)).filter((value) => value !== null);
  }

  override readonly elide = (tag: Tag, vr: VR): boolean => this.#plain.elide(tag, vr) && this.#strict.elide(tag, vr);

  /** With nothing in its content but what may leave, cleaned: what does not leave needs nobody's decision. */
  #prepare(header: DataSet): DataSet {
    const known = this.#prepared.get(header);
    if (known !== undefined) return known;
    let prepared = header;
    try {
      const content = informationContent(header, { ...readTeachingFileInformation(header), ...NOBODY });
      prepared = header.withElements([...header.elements.filter(({ tag }) => tag !== CONTENT_SEQUENCE), content]);
    } catch {
      // Characters that the document says it cannot have: its content is cleaned as it stands.
    }
    this.#prepared.set(header, prepared);
    return prepared;
  }

  #rebuilt(header: DataSet, result: DataSet): DataSet {
    const value = (tag: Tag, otherwise: string): string => result.string(tag) ?? otherwise;
    return buildTeachingFileInformation(
      { ...withoutDummies(readTeachingFileInformation(result)), ...this.#staff(header) },
      {
        SOPClassUID: value(TAGS.SOPClassUID, ''),
        SOPInstanceUID: value(TAGS.SOPInstanceUID, ''),
        StudyInstanceUID: value(TAGS.StudyInstanceUID, ''),
        SeriesInstanceUID: value(TAGS.SeriesInstanceUID, ''),
        SeriesNumber: value(SERIES_NUMBER, '1'),
        InstanceNumber: value(INSTANCE_NUMBER, '1'),
        contentDate: value(CONTENT_DATE, dummyText(CONTENT_DATE, 'DA')),
        contentTime: value(CONTENT_TIME, dummyText(CONTENT_TIME, 'TM')),
        instance: result,
        marks: result,
        encoding: header.encoding,
        layout: this.#options.layout ?? 'nested',
        placeholder: DUMMY_TEXT,
      },
    );
  }

  /** The author of a case may be named; the patient may not, by whatever item. */
  #staff(header: DataSet): Staff {
    if (this.#options.keepAuthor !== true) return NOBODY;
    const { author, affiliation, contact } = readTeachingFileInformation(header);
    const ofPatient = header.withElements(header.elements.filter(({ tag }) => group(tag) === PATIENT_GROUP));
    const patient = KnownIdentifiers.collect([ofPatient]);
    const names = new Set(
      ofPatient.elements.flatMap((element) =>
        element.vr === 'PN' ? valuesOf(element, ofPatient).flatMap(wordsOf) : [],
      ),
    );
    const clean = (text: string | null): string | null => {
      if (text === null) return null;
      // Titles and names of others stay: they are what is kept. A word of the patient's names goes, clinical or not.
      const { text: left } = this.#cleaner.screened(text, patient, true);
      const free = left.replace(WORD, (word) => (names.has(word.toLowerCase()) ? '' : word));
      return free === text ? text : free.replace(/ +/g, ' ').trim() || null;
    };
    return { author: clean(author), affiliation: clean(affiliation), contact: clean(contact) };
  }
}

/** What of a source stays on purpose, for the verifier. */
export function valuesMeant(deidentifier: Deidentifier, header: DataSet): readonly string[] {
  return deidentifier instanceof ExportDeidentifier ? deidentifier.meant(header) : [];
}

function wordsOf(name: string): readonly string[] {
  return (name.match(WORD) ?? []).map((word) => word.toLowerCase());
}

/** A value of which nothing was left is none. */
function withoutDummies(info: TeachingFileInformation): TeachingFileInformation {
  const isLeft = (value: InformationValue): boolean => value !== DUMMY_TEXT;
  const rows = emptyRows();
  for (const key of Object.keys(rows) as (keyof typeof rows)[]) rows[key] = info.rows[key].filter(isLeft);
  return { ...info, rows, others: info.others.filter(({ value }) => isLeft(value)) };
}
