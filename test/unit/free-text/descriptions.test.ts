import { KnownIdentifiers } from '../../../src/deidentification/free-text';
import { plainForm } from '../../../src/deidentification/free-text/folding';
import { hasHarmlessShape, isListedWord } from '../../../src/deidentification/free-text/harmless-words';
import { nobodyKnown, TextCleaner } from '../../../src/deidentification/free-text/text-cleaner';
import { CLINICAL_DESCRIPTIONS } from '../../support/free-text/clinical-descriptions';
import { COMMON_NAMES, NAMES_THAT_ARE_CLINICAL } from '../../support/free-text/common-names';
import { FOR_A_PERSON_TO_DECIDE, NAMED_IN_HEADERS, TOLD_BY_SHAPE, WHO } from '../../support/free-text/planted-texts';
import { headerOf } from '../../support/text-headers';

const cleaner = new TextCleaner();
const who = KnownIdentifiers.collect([headerOf(WHO)]);

/** The words of a text with what is in «» left out, and those of what is in there. */
function parts(planted: string): { readonly text: string; readonly stays: string[]; readonly goes: string[] } {
  const goes = [...planted.matchAll(/«([^»]*)»/g)].flatMap(([, part]) => words(part!));
  return { text: planted.replace(/[«»]/g, ''), stays: words(planted.replace(/«[^»]*»/g, ' ')), goes };
}

const words = (text: string): string[] => text.match(/[\p{L}\p{N}]+/gu) ?? [];

function expectGone(planted: string, known: KnownIdentifiers): ReturnType<TextCleaner['clean']> {
  const { text, stays } = parts(planted);
  const cleaned = cleaner.clean(text, known);
  expect(words(cleaned.text)).toEqual(stays);
  return cleaned;
}

test('there are enough descriptions, and none twice', () => {
  for (const list of [CLINICAL_DESCRIPTIONS, [...NAMED_IN_HEADERS, ...TOLD_BY_SHAPE, ...FOR_A_PERSON_TO_DECIDE]]) {
    expect(new Set(list).size).toBe(list.length);
  }
  expect(CLINICAL_DESCRIPTIONS.length).toBeGreaterThanOrEqual(400);
  expect(NAMED_IN_HEADERS.length + TOLD_BY_SHAPE.length + FOR_A_PERSON_TO_DECIDE.length).toBeGreaterThanOrEqual(200);
});

test.each(CLINICAL_DESCRIPTIONS)('%s stays as it is, and nobody is asked', (text) => {
  expect(cleaner.clean(text, nobodyKnown())).toEqual({ text, changed: false, finding: null });
});

test.each(CLINICAL_DESCRIPTIONS)('%s stays as it is for a patient whose name is no clinical word', (text) => {
  expect(cleaner.clean(text, who)).toEqual({ text, changed: false, finding: null });
});

test.each(NAMED_IN_HEADERS)('%s loses what the headers name, and no more', (planted) => {
  expectGone(planted, who);
});

test.each(TOLD_BY_SHAPE)('%s loses what identifies by its shape, and no more', (planted) => {
  expectGone(planted, nobodyKnown());
});

test.each(FOR_A_PERSON_TO_DECIDE)('%s is asked about, and the proposal is without it', (planted) => {
  expect(expectGone(planted, nobodyKnown()).finding).not.toBeNull();
});

test('no common name is on the allow-list, but for those that are everyday clinical words', () => {
  const allowed = COMMON_NAMES.filter((name) => isListedWord(plainForm(name)) || hasHarmlessShape(plainForm(name)));
  expect(allowed.sort()).toEqual([...NAMES_THAT_ARE_CLINICAL].sort());
});
