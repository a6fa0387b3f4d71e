import { inflateRawSync } from 'node:zlib';
import { Fault } from '../../src/base/errors';
import { type HeldInstance, readPart10, readPart10Bytes } from '../../src/dicom/part10/read';
import { writePart10, writePart10Bytes } from '../../src/dicom/part10/write';
import { dataSetStart, inChunks, joined, tagBytes } from '../support/codec-bytes';
import { corpusFiles, readCorpusFile, suiteNeedingCorpus } from '../support/corpus';

/** Not readable, and why; each must be refused within a second. */
const REFUSED: Readonly<Record<string, string>> = {
  // pixel data, or the header, cut short
  'malformed-edge/pydicom-data__emri_small_jpeg_2k_lossless_too_short.dcm': 'TRUNCATED',
  'pydicom-wheel/test_files/MR_truncated.dcm': 'TRUNCATED',
  'pydicom-wheel/test_files/rtplan_truncated.dcm': 'TRUNCATED',
  // a private value whose length is four bytes short: what follows announces 337 MB
  'malformed-edge/fo-dicom__GH626.dcm': 'HEADER_TOO_LARGE',
  // one stray byte before the data set, and no File Meta Information
  'pydicom-wheel/test_files/no_meta.dcm': 'NOT_DICOM',
};

const LONGEST = 1000;

/** The data set; of a deflated file, inflated; without trailing padding, which is not written. */
function dataSetBytes(file: Uint8Array, { transferSyntax }: HeldInstance): Buffer {
  const stored = Buffer.from(file).subarray(dataSetStart(file));
  const bytes = transferSyntax.deflated ? inflateRawSync(stored) : stored;
  const form = transferSyntax.encoding;
  const at = bytes.lastIndexOf(tagBytes(0xfffcfffc, form));
  const lengthAt = at + (form.explicitVR ? 8 : 4);
  if (at === -1 || lengthAt + 4 > bytes.length) return bytes;
  const length = form.littleEndian ? bytes.readUInt32LE(lengthAt) : bytes.readUInt32BE(lengthAt);
  return lengthAt + 4 + length === bytes.length ? bytes.subarray(0, at) : bytes;
}

suiteNeedingCorpus('round trip of every file of the corpus', () => {
  const files = corpusFiles().map(({ file }) => file);
  const readable = files.filter((file) => REFUSED[file] === undefined);

  it.each(readable)('%s comes out as it came in', async (file) => {
    const bytes = readCorpusFile(file);
    const held = readPart10Bytes(bytes);
    const expected = dataSetBytes(bytes, held);
    const rewritten = Buffer.concat(writePart10Bytes(held.transferSyntax, held.header, held.rest));
    expect(dataSetBytes(rewritten, held).equals(expected)).toBe(true);

    const incoming = await readPart10(inChunks(bytes, 5000));
    const streamed = await joined(writePart10(incoming.transferSyntax, incoming.header, incoming.rest));
    expect(dataSetBytes(streamed, held).equals(expected)).toBe(true);
  });

  it('reads what it wrote the same way again', () => {
    for (const file of readable) {
      const held = readPart10Bytes(readCorpusFile(file));
      const once = Buffer.concat(writePart10Bytes(held.transferSyntax, held.header, held.rest));
      const again = readPart10Bytes(once);
      const twice = Buffer.concat(writePart10Bytes(again.transferSyntax, again.header, again.rest));
      expect(twice.equals(once)).toBe(true);
    }
  });

  it.each(Object.entries(REFUSED))('%s is refused as %s', async (file, code) => {
    const bytes = readCorpusFile(file);
    const started = performance.now();
    expect(() => readPart10Bytes(bytes)).toThrow(expect.objectContaining({ name: 'Fault', code, kind: 'cannot' }));
    const streaming = async (): Promise<void> => {
      const { rest, header, transferSyntax } = await readPart10(inChunks(bytes, 5000));
      await joined(writePart10(transferSyntax, header, rest));
    };
    await expect(streaming()).rejects.toThrow(expect.objectContaining({ name: 'Fault', code }));
    expect(performance.now() - started).toBeLessThan(LONGEST);
  });

  it('cuts no file short without a Fault', () => {
    for (const file of readable.filter((_, at) => at % 10 === 0)) {
      const bytes = readCorpusFile(file);
      const cut = bytes.subarray(0, Math.floor(bytes.length * 0.7));
      try {
        const held = readPart10Bytes(cut);
        // Cut between two elements: then everything there is must have been read.
        const out = Buffer.concat(writePart10Bytes(held.transferSyntax, held.header, held.rest));
        expect(dataSetBytes(out, held).equals(dataSetBytes(cut, held))).toBe(true);
      } catch (error) {
        expect(error).toBeInstanceOf(Fault);
      }
    }
  });
});
