import { type DataSet, newDataSet, textElement } from '../../src/dicom/data-set';
import { lookUp, tagOf } from '../../src/dicom/dictionary';
import { EXPLICIT_VR_LITTLE_ENDIAN } from '../../src/dicom/transfer-syntax';

/** A header of text attributes by keyword, in UTF-8. */
export function headerOf(attributes: Readonly<Record<string, string | readonly string[]>>): DataSet {
  const empty = newDataSet(EXPLICIT_VR_LITTLE_ENDIAN, ['ISO_IR 192']);
  const elements = Object.entries(attributes).map(([keyword, value]) => {
    const tag = tagOf(keyword);
    if (tag === undefined) throw new Error(`no attribute ${keyword}`);
    return textElement(empty, tag, lookUp(tag)!.vr, typeof value === 'string' ? [value] : value);
  });
  return empty.withElements([...empty.elements, ...elements]);
}
