import { type DataElement, type DataSet, lenientTextElement, newItem } from './data-set';

/** A code triple (PS3.3 8.8, Code Sequence Macro). */
export interface CodedConcept {
  readonly CodeValue: string;
  readonly CodingSchemeDesignator: string;
  readonly CodeMeaning: string;
}

const CODE_VALUE = 0x00080100;
const CODING_SCHEME_DESIGNATOR = 0x00080102;
const CODE_MEANING = 0x00080104;
const LONG_CODE_VALUE = 0x00080119;
const URN_CODE_VALUE = 0x00080120;

/** Reads an item of a code sequence; undefined where it has no code (PS3.3 8.1: three homes for the value). */
export function readCodedConcept(item: DataSet): CodedConcept | undefined {
  const CodeValue = item.string(CODE_VALUE) ?? item.string(LONG_CODE_VALUE) ?? item.string(URN_CODE_VALUE);
  if (CodeValue === undefined) return undefined;
  return {
    CodeValue,
    CodingSchemeDesignator: item.string(CODING_SCHEME_DESIGNATOR) ?? '',
    CodeMeaning: item.string(CODE_MEANING) ?? '',
  };
}

/** Meaning is for people; value and scheme are the concept (PS3.3 8.3). */
export function sameConcept(
  a: Pick<CodedConcept, 'CodeValue' | 'CodingSchemeDesignator'>,
  b: Pick<CodedConcept, 'CodeValue' | 'CodingSchemeDesignator'>,
): boolean {
  return a.CodeValue === b.CodeValue && a.CodingSchemeDesignator === b.CodingSchemeDesignator;
}

export function codedConceptItem(owner: DataSet, concept: CodedConcept): DataSet {
  return newItem(owner, (item) => {
    const elements: DataElement[] = [];
    // PS3.3 8.1: a value over 16 characters is a Long Code Value, one that is a URN or URL a URN Code Value.
    const { CodeValue } = concept;
    if (/^(urn|https?):/i.test(CodeValue)) elements.push(lenientTextElement(item, URN_CODE_VALUE, 'UR', [CodeValue]));
    else if (CodeValue.length > 16) elements.push(lenientTextElement(item, LONG_CODE_VALUE, 'UC', [CodeValue]));
    else elements.push(lenientTextElement(item, CODE_VALUE, 'SH', [CodeValue]));
    if (concept.CodingSchemeDesignator !== '') {
      elements.push(lenientTextElement(item, CODING_SCHEME_DESIGNATOR, 'SH', [concept.CodingSchemeDesignator]));
    }
    elements.push(lenientTextElement(item, CODE_MEANING, 'LO', [concept.CodeMeaning]));
    return elements;
  });
}
