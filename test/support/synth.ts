import {
  ctSeries,
  generateMultiframe,
  type MultiframeSample,
  mrSeries,
  reportOn,
  type Sample,
  type SampleIdentity,
  type SampleStudy,
  Seed,
  type SelectionReference,
  usSeries,
} from '../../src/sandbox/samples';
import { PHI_MARKS as MARK } from './phi-mark';

/** Studies from a seed, of the same making as the samples, with a mark in every identifier. */

const MARKED_UID_ROOT = MARK.uid.slice(0, -1);

export function markedSeed(seed = 'synth'): Seed {
  return new Seed(seed, MARKED_UID_ROOT);
}

/** `key` tells patients apart; with `characterSet` the name has its ideographic and phonetic groups too. */
export function markedIdentity(key = 'p1', characterSet: readonly string[] = []): SampleIdentity {
  const groups = characterSet.length === 0 ? '' : `=${MARK.kanji}^${MARK.kanji}=${MARK.kana}^${MARK.kana}`;
  return {
    key,
    characterSet,
    PatientName: `${MARK.family}^${MARK.given}${groups}`,
    family: MARK.family,
    given: MARK.given,
    PatientID: `${MARK.PatientID}-${key}`,
    IssuerOfPatientID: MARK.IssuerOfPatientID,
    OtherPatientID: `${MARK.OtherPatientID}-${key}`,
    OtherPatientNames: [`${MARK.otherName}^${MARK.given}`],
    PatientBirthName: `${MARK.birthName}^${MARK.given}`,
    PatientMotherBirthName: `${MARK.motherName}^${MARK.given}`,
    PatientBirthDate: MARK.birthDate,
    PatientSex: 'F',
    PatientAddress: `${MARK.address} 7`,
    PatientTelephoneNumbers: MARK.telephone,
    Occupation: MARK.occupation,
    ReferringPhysicianName: `${MARK.referring}^Ada^^Dr.`,
    PerformingPhysicianName: `${MARK.performing}^Bob^^Dr.`,
    OperatorsName: `${MARK.operator}^Cleo`,
    InstitutionName: MARK.institution,
    InstitutionAddress: `${MARK.institutionAddress} 1`,
    InstitutionalDepartmentName: MARK.department,
    StationName: MARK.station,
    DeviceSerialNumber: MARK.device,
    orderPrefix: MARK.order,
    SourceApplicationEntityTitle: MARK.applicationEntity,
  };
}

export function markedStudy(identity: SampleIdentity = markedIdentity(), key = 'study-1'): SampleStudy {
  return { identity, key, StudyDate: MARK.studyDate, StudyTime: '081733', StudyDescription: `${MARK.note}/Head` };
}

export interface SynthOptions {
  readonly instances?: number;
  readonly rows?: number;
  readonly cols?: number;
  readonly study?: SampleStudy;
  readonly seed?: Seed;
}

export function ct(options: SynthOptions = {}): Iterable<Sample> {
  const { slices, rows, columns, study, seed } = withDefaults(options);
  return ctSeries(study, seed, { slices, rows, columns });
}

/** Implicit VR Little Endian. */
export function mr(options: SynthOptions = {}): Iterable<Sample> {
  const { slices, rows, columns, study, seed } = withDefaults(options);
  return mrSeries(study, seed, 'T2', { slices, rows, columns });
}

/** One image and one loop of `instances` frames. */
export function us(options: SynthOptions = {}): Iterable<Sample> {
  const { slices, rows, columns, study, seed } = withDefaults(options);
  return usSeries(study, seed, { frames: slices, rows, columns });
}

export function sr(images: readonly Sample[], options: Pick<SynthOptions, 'study' | 'seed'> = {}): Sample {
  const { study, seed } = withDefaults(options);
  return reportOn(images, study, seed);
}

/** Of known length, and never held. */
export function synthMultiframe(options: {
  readonly frames: number;
  readonly rows: number;
  readonly cols: number;
}): MultiframeSample {
  const { frames, rows, cols } = options;
  return generateMultiframe({ frames, rows, columns: cols, seed: markedSeed(), identity: markedIdentity() });
}

export function referenceTo(sample: Sample): SelectionReference {
  const { StudyInstanceUID, SeriesInstanceUID, SOPClassUID, SOPInstanceUID } = sample;
  return { StudyInstanceUID, SeriesInstanceUID, SOPClassUID, SOPInstanceUID };
}

function withDefaults(options: SynthOptions) {
  return {
    slices: options.instances ?? 4,
    rows: options.rows ?? 64,
    columns: options.cols ?? 64,
    study: options.study ?? markedStudy(),
    seed: options.seed ?? markedSeed(),
  };
}
