import type { DataSet } from '../data-set';
import type { TransferSyntax } from '../transfer-syntax';
import type { HeldInstance, TopLevelPart } from './read';

export { encodeDataSet } from '../encode';

export function writePart10(
  _transferSyntax: TransferSyntax,
  _header: DataSet,
  _rest?: AsyncIterable<TopLevelPart>,
): AsyncIterable<Uint8Array> {
  throw new Error('not yet');
}
export function writePart10Bytes(
  _transferSyntax: TransferSyntax,
  _header: DataSet,
  _rest?: HeldInstance['rest'],
): Uint8Array[] {
  throw new Error('not yet');
}
