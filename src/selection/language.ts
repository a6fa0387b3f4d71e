import type { CodedConcept } from '../dicom/coded-concept';
import { asReceived } from './key-object-codes';

const ENGLISH: CodedConcept = { CodeValue: 'en', CodingSchemeDesignator: 'RFC5646', CodeMeaning: 'English' };

/** Schemes of CID 5000 Language (PS3.16), with the form that a code of theirs has where it carries no free text. */
const LANGUAGE_SCHEMES: ReadonlyMap<string, RegExp> = new Map([
  ['ISO639_1', /^[a-z]{2}$/],
  ['ISO639_2', /^[a-z]{3}$/],
  ['RFC1766', /^[a-z]{2,3}(-[A-Z]{2})?$/],
  ['RFC3066', /^[a-z]{2,3}(-[A-Z]{2})?$/],
  ['RFC5646', /^[a-z]{2,3}(-[A-Z]{2})?$/],
]);

/**
 * The language of a manifest: as received where it is a language, English otherwise. The meaning is worded anew unless
 * it says the same, as a received one is free text.
 */
export function languageConcept(received: CodedConcept | null): CodedConcept {
  if (received === null) return ENGLISH;
  const { CodeValue, CodingSchemeDesignator } = received;
  if (LANGUAGE_SCHEMES.get(CodingSchemeDesignator)?.test(CodeValue) !== true) return ENGLISH;
  const CodeMeaning = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'none' }).of(CodeValue);
  return CodeMeaning === undefined ? ENGLISH : asReceived(received, { CodeValue, CodingSchemeDesignator, CodeMeaning });
}
