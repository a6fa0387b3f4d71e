/**
 * Storage SOP Classes whose instances hold pixel data (PS3.4 Table B.5-1, 2026d, and retired ones), below the root
 * 1.2.840.10008.5.1.4.1.1. A Key Object Selection references these as IMAGE, waveforms as WAVEFORM and all else as
 * COMPOSITE (PS3.16 TID 2010, rows 8 to 10).
 */
const IMAGE_CLASSES: ReadonlySet<string> = new Set([
  '1', // Computed Radiography Image
  '1.1', // Digital X-Ray Image - For Presentation
  '1.1.1', // Digital X-Ray Image - For Processing
  '1.2', // Digital Mammography X-Ray Image - For Presentation
  '1.2.1', // Digital Mammography X-Ray Image - For Processing
  '1.3', // Digital Intra-Oral X-Ray Image - For Presentation
  '1.3.1', // Digital Intra-Oral X-Ray Image - For Processing
  '2', // CT Image
  '2.1', // Enhanced CT Image
  '2.2', // Legacy Converted Enhanced CT Image
  '2.3', // CT Image - For Processing
  '2.4', // Enhanced CT Image - For Processing
  '2.5', // Legacy Converted Enhanced CT Image - For Processing
  '3', // Ultrasound Multi-frame Image
  '3.1', // Ultrasound Multi-frame Image
  '4', // MR Image
  '4.1', // Enhanced MR Image
  '4.3', // Enhanced MR Color Image
  '4.4', // Legacy Converted Enhanced MR Image
  '5', // Nuclear Medicine Image
  '6', // Ultrasound Image
  '6.1', // Ultrasound Image
  '6.2', // Enhanced US Volume
  '6.3', // Photoacoustic Image
  '7', // Secondary Capture Image
  '7.1', // Multi-frame Single Bit Secondary Capture Image
  '7.2', // Multi-frame Grayscale Byte Secondary Capture Image
  '7.3', // Multi-frame Grayscale Word Secondary Capture Image
  '7.4', // Multi-frame True Color Secondary Capture Image
  '12.1', // X-Ray Angiographic Image
  '12.1.1', // Enhanced XA Image
  '12.2', // X-Ray Radiofluoroscopic Image
  '12.2.1', // Enhanced XRF Image
  '12.3', // X-Ray Angiographic Bi-Plane Image
  '13.1.1', // X-Ray 3D Angiographic Image
  '13.1.2', // X-Ray 3D Craniofacial Image
  '13.1.3', // Breast Tomosynthesis Image
  '13.1.4', // Breast Projection X-Ray Image - For Presentation
  '13.1.5', // Breast Projection X-Ray Image - For Processing
  '14.1', // Intravascular Optical Coherence Tomography Image - For Presentation
  '14.2', // Intravascular Optical Coherence Tomography Image - For Processing
  '20', // Nuclear Medicine Image
  '30', // Parametric Map
  '66.4', // Segmentation
  '66.7', // Label Map Segmentation
  '66.8', // Height Map Segmentation
  '77.1', // VL Image - Trial
  '77.1.1', // VL Endoscopic Image
  '77.1.1.1', // Video Endoscopic Image
  '77.1.2', // VL Microscopic Image
  '77.1.2.1', // Video Microscopic Image
  '77.1.3', // VL Slide-Coordinates Microscopic Image
  '77.1.4', // VL Photographic Image
  '77.1.4.1', // Video Photographic Image
  '77.1.5.1', // Ophthalmic Photography 8 Bit Image
  '77.1.5.2', // Ophthalmic Photography 16 Bit Image
  '77.1.5.4', // Ophthalmic Tomography Image
  '77.1.5.5', // Wide Field Ophthalmic Photography Stereographic Projection Image
  '77.1.5.6', // Wide Field Ophthalmic Photography 3D Coordinates Image
  '77.1.5.7', // Ophthalmic Optical Coherence Tomography En Face Image
  '77.1.5.8', // Ophthalmic Optical Coherence Tomography B-scan Volume Analysis
  '77.1.6', // VL Whole Slide Microscopy Image
  '77.1.7', // Dermoscopic Photography Image
  '77.1.8', // Confocal Microscopy Image
  '77.1.9', // Confocal Microscopy Tiled Pyramidal Image
  '77.2', // VL Multi-frame Image - Trial
  '81.1', // Ophthalmic Thickness Map
  '82.1', // Corneal Topography Map
  '128', // Positron Emission Tomography Image
  '128.1', // Legacy Converted Enhanced PET Image
  '130', // Enhanced PET Image
  '481.1', // RT Image
  '481.2', // RT Dose
  '481.23', // Enhanced RT Image
  '481.24', // Enhanced Continuous RT Image
]);

/** All of them are below 9, but for the presentation states of 9.100. */
const WAVEFORM_CLASS = /^9\.[1-9]\d?(\.\d+)?$/;

const STORAGE_ROOT = '1.2.840.10008.5.1.4.1.1.';

export function valueTypeOf(SOPClassUID: string): 'IMAGE' | 'WAVEFORM' | 'COMPOSITE' {
  if (!SOPClassUID.startsWith(STORAGE_ROOT)) return 'COMPOSITE';
  const leaf = SOPClassUID.slice(STORAGE_ROOT.length);
  if (IMAGE_CLASSES.has(leaf)) return 'IMAGE';
  return WAVEFORM_CLASS.test(leaf) ? 'WAVEFORM' : 'COMPOSITE';
}
