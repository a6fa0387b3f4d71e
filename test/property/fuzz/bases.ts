import { type HeldInstance, readPart10Bytes } from '../../../src/dicom/part10/read';
import type { Sample } from '../../../src/sandbox/samples';
import { encapsulatedLetter } from '../../../src/sandbox/samples';
import { ct, markedIdentity, markedSeed, markedStudy, mr, sr, us } from '../../support/synth';
import { type Base, baseOf, type FormName } from './model';

/** Whole instances from which the damaged ones are made. */

const FORMS: readonly FormName[] = ['explicit', 'implicit', 'big', 'deflated'];
/** The names of these have an ideographic and a phonetic group. */
const JAPANESE = ['', 'ISO 2022 IR 87'];

function samples(): readonly Sample[] {
  const study = markedStudy();
  const japanese = markedStudy(markedIdentity('p2', JAPANESE), 'study-2');
  const small = { instances: 1, rows: 4, cols: 4 };
  const images = [...ct(small), ...mr(small), ...us(small), ...ct({ ...small, study: japanese })];
  return [...images, sr(images.slice(0, 2)), encapsulatedLetter(study, markedSeed())];
}

export function generatedBases(): readonly Base[] {
  return samples().flatMap((sample) => {
    const held = readPart10Bytes(Buffer.from(sample.bytes));
    return FORMS.map((form) => baseOf(sample.name, held, form));
  });
}

/** Of a file from elsewhere; its text stays as it is, in its own character set. */
export function baseOfFile(name: string, bytes: Uint8Array): Base | null {
  let held: HeldInstance;
  try {
    held = readPart10Bytes(bytes);
  } catch {
    return null;
  }
  const { encoding } = held.transferSyntax;
  return baseOf(name, held, !encoding.explicitVR ? 'implicit' : encoding.littleEndian ? 'explicit' : 'big');
}
