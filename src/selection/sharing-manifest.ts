import { readCodedConcept } from '../dicom/coded-concept';
import type { DataSet } from '../dicom/data-set';
import { Attribute } from './attributes';

/**
 * True for the manifests of IHE MADO, whatever their title: they are Key Object Selection Documents that describe whole
 * studies by an Image Library (111028, DCM), which TID 2010 does not know. They say what there is and order nothing.
 */
export function isSharingManifest(kos: DataSet): boolean {
  return kos.items(Attribute.ContentSequence).some((item) => {
    const name = item.items(Attribute.ConceptNameCodeSequence)[0];
    const concept = name === undefined ? null : readCodedConcept(name);
    return concept?.CodingSchemeDesignator === 'DCM' && concept.CodeValue === '111028';
  });
}
