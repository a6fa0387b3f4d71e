import { bytesElement, type DataSet, newDataSet } from '../../../src/dicom/data-set';
import { tagOf } from '../../../src/dicom/dictionary';
import { type Attributes, dataSetOf, EXPLICIT, IMPLICIT } from '../../../src/sandbox/samples/notation';
import { part10File } from '../../../src/sandbox/samples/part10-file';
import { Seed } from '../../../src/sandbox/samples/seed';
import * as documents from './documents';
import * as images from './images';
import { patientAndStudy, type Scene, seriesAndEquipment } from './modules';
import { type Keyed, type KeyedValue, Said, says } from './notation';
import { HOUSE, PEOPLE, type Person } from './people';

/** About sixty instances of eight patients, each with the key of what has to become of every one of its attributes. */

export interface KeyedInstance {
  readonly name: string;
  readonly who: Person;
  readonly keyed: Keyed;
  readonly bytes: Uint8Array;
  /** The right action is to hold it back (docs/decisions/0006). */
  readonly held: boolean;
}

type Kind = keyof typeof images.SOP_CLASS;

const MAKERS: Readonly<Record<Kind, (scene: Scene) => Keyed>> = {
  CT: images.ct,
  MR: images.mr,
  US: images.us,
  DX: images.dx,
  OT: images.sc,
  SEG: documents.seg,
  PR: documents.pr,
  SR: documents.sr,
  KO: documents.ko,
  ECG: documents.ecg,
  DOC: documents.pdf,
};

const DESCRIPTIONS: Readonly<Partial<Record<Kind, string>>> = {
  CT: 'Head axial',
  MR: 'T2 axial',
  US: 'Abdomen',
  DX: 'Chest PA',
  SEG: 'Segmentation',
  SR: 'Report',
};

/** Which instances each of the eight has, beside two slices of CT, a report and a key object selection. */
const MORE: readonly (readonly Kind[])[] = [
  ['MR', 'MR', 'SEG', 'DOC'],
  ['US', 'PR', 'ECG'],
  ['DX', 'OT', 'SEG'],
  ['MR', 'MR', 'PR', 'ECG'],
  ['US', 'DX', 'SEG'],
  ['MR', 'OT', 'PR', 'ECG'],
  ['DX', 'US', 'OT', 'DOC'],
  ['MR', 'SEG', 'PR', 'ECG', 'OT'],
];

const SEED = new Seed('answer key', '1.2.999.774');

/** Of the machine, for who retains devices (PS3.15 E.3.7). */
export const DEVICE_UID = SEED.uid('device');

/** The same seed gives the same bytes on every machine. */
export function answerKeyCorpus(): readonly KeyedInstance[] {
  return PEOPLE.flatMap((who, n) =>
    (['CT', 'CT', 'SR', 'KO', ...MORE[n]!] as Kind[]).map((kind, at, all) => {
      const instance = all.slice(0, at).filter((each) => each === kind).length + 1;
      return keyedInstance({ who, seed: SEED, Modality: kind, series: kind, instance }, kind);
    }),
  );
}

function keyedInstance(scene: Scene, kind: Kind): KeyedInstance {
  const { who } = scene;
  const isDocument = kind === 'SR' || kind === 'KO';
  const all: Keyed = {
    ...patientAndStudy(scene),
    ...seriesAndEquipment(scene, DESCRIPTIONS[kind] ?? 'Series'),
    SOPClassUID: images.SOP_CLASS[kind],
    ...MAKERS[kind](scene),
  };
  const keyed = kind === 'KO' ? rebuilt(all) : all;
  const dataSet = dataSetOf(plain(all), kind === 'MR' ? IMPLICIT : EXPLICIT, who.characterSet);
  return {
    name: `${who.key}-${kind}-${scene.instance}`,
    who,
    keyed,
    bytes: part10File(isDocument ? dataSet : withTrailingPadding(dataSet, who), {
      SourceApplicationEntityTitle: HOUSE.applicationEntity,
      preamble: `${who.PatientID} Fakeheim`,
    }),
    held: kind === 'DOC',
  };
}

/**
 * PS3.16 TID 2010: a manifest is made anew of codes and references, so what the selection said beside them is gone
 * under every preset (docs/conformance.md).
 */
function rebuilt(all: Keyed): Keyed {
  const kept = new Set([
    'SOPClassUID',
    'SOPInstanceUID',
    'StudyInstanceUID',
    'SeriesInstanceUID',
    'Modality',
    'PatientName',
    'PatientID',
    'ValueType',
    'ConceptNameCodeSequence',
    'ContinuityOfContent',
    'ContentTemplateSequence',
    'ContentSequence',
    'CurrentRequestedProcedureEvidenceSequence',
    'ContentDate',
    'ContentTime',
    'StudyDate',
    'StudyTime',
  ]);
  return Object.fromEntries(
    Object.entries(all).flatMap(([keyword, value]) => {
      if (kept.has(keyword)) return [[keyword, value]];
      const raw = value instanceof Said ? value.value : value;
      return MAKER_WORDS.has(keyword) ? [] : [[keyword, says(raw, 'GGGG')]];
    }),
  );
}

/** What a new manifest has of its own. */
const MAKER_WORDS: ReadonlySet<string> = new Set([
  'Manufacturer',
  'ManufacturerModelName',
  'SoftwareVersions',
  'SeriesNumber',
  'InstanceNumber',
  'PatientSex',
  'ContributingEquipmentSequence',
  'TimezoneOffsetFromUTC',
]);

function withTrailingPadding(dataSet: DataSet, who: Person): DataSet {
  const padding = Buffer.from(`${who.PatientID} `, 'latin1');
  const owner = newDataSet(dataSet.encoding, who.characterSet);
  return dataSet.withElements([...dataSet.elements, bytesElement(owner, 0xfffcfffc, 'OB', padding)]);
}

function plain(keyed: Keyed): Attributes {
  return Object.fromEntries(
    Object.entries(keyed).map(([name, said]) => {
      const value: KeyedValue = said instanceof Said ? said.value : said;
      if (tagOf(name) === undefined && !/^[0-9A-F]{8} [A-Z]{2}$/.test(name)) throw new RangeError(`no ${name}`);
      const items =
        Array.isArray(value) && typeof value[0] === 'object' ? (value as readonly Keyed[]).map(plain) : value;
      return [name, items as Attributes[string]];
    }),
  );
}
