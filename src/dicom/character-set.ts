import { cannot } from '../base/errors';
import type { VR } from './vr';

/** Specific Character Set (0008,0005) (PS3.3 C.12.1.1.2, PS3.5 6.1). */
export class CharacterSet {
  static of(values: readonly string[]): CharacterSet {
    return new CharacterSet(values);
  }
  readonly known: boolean = true;
  private constructor(readonly values: readonly string[]) {}

  decode(bytes: Uint8Array, _vr: VR): string {
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString(
      this.values[0] === 'ISO_IR 192' ? 'utf8' : 'latin1',
    );
  }
  decodeValues(bytes: Uint8Array, vr: VR): string[] {
    return this.decode(bytes, vr).split('\\');
  }
  encode(text: string, _vr: VR): Uint8Array {
    if (!this.canEncode(text))
      throw cannot('CHARACTER_NOT_IN_SET', 'a character is not in the character set of the data set');
    return Buffer.from(text, this.values[0] === 'ISO_IR 192' ? 'utf8' : 'latin1');
  }
  encodeValues(values: readonly string[], vr: VR): Uint8Array {
    return this.encode(values.join('\\'), vr);
  }
  canEncode(text: string): boolean {
    return this.values[0] === 'ISO_IR 192' || /^[\0-\x7f]*$/.test(text);
  }
}
