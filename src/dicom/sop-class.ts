import { SOP_CLASSES } from './generated/sop-classes';

export const KEY_OBJECT_SELECTION_DOCUMENT = '1.2.840.10008.5.1.4.1.1.88.59';
export const BASIC_TEXT_SR = '1.2.840.10008.5.1.4.1.1.88.11';
export const ENHANCED_SR = '1.2.840.10008.5.1.4.1.1.88.22';
export const COMPREHENSIVE_SR = '1.2.840.10008.5.1.4.1.1.88.33';
export const XRAY_RADIATION_DOSE_SR = '1.2.840.10008.5.1.4.1.1.88.67';
export const CT_IMAGE = '1.2.840.10008.5.1.4.1.1.2';
export const ENHANCED_CT_IMAGE = '1.2.840.10008.5.1.4.1.1.2.1';
export const MR_IMAGE = '1.2.840.10008.5.1.4.1.1.4';
export const ENHANCED_MR_IMAGE = '1.2.840.10008.5.1.4.1.1.4.1';
export const US_IMAGE = '1.2.840.10008.5.1.4.1.1.6.1';
export const US_MULTIFRAME_IMAGE = '1.2.840.10008.5.1.4.1.1.3.1';
export const SECONDARY_CAPTURE_IMAGE = '1.2.840.10008.5.1.4.1.1.7';
export const ENCAPSULATED_PDF = '1.2.840.10008.5.1.4.1.1.104.1';
export const GRAYSCALE_SOFTCOPY_PRESENTATION_STATE = '1.2.840.10008.5.1.4.1.1.11.1';
export const REAL_WORLD_VALUE_MAPPING = '1.2.840.10008.5.1.4.1.1.67';
export const MEDIA_STORAGE_DIRECTORY = '1.2.840.10008.1.3.10';

let names: ReadonlyMap<string, string> | undefined;

/** Name of a storage SOP class (PS3.4 B.5-1 and known private ones). */
export function nameOfSOPClass(uid: string): string | undefined {
  names ??= new Map(SOP_CLASSES.split('\n').map((line) => line.split('|') as [string, string]));
  return names.get(uid);
}
