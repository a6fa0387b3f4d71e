/** Numbers that look random and come again with the same seed (sfc32): an input is known by seed and number. */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #count = 1;

  constructor(seed: number, number = 0) {
    this.#a = seed | 0;
    this.#b = Math.imul(number ^ 0x9e3779b9, 0x85ebca6b) | 0;
    this.#c = Math.imul(number + 0x6d2b79f5, 0xc2b2ae35) | 0;
    for (let n = 0; n < 12; n += 1) this.next();
  }

  /** 32 bits, unsigned. */
  next(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#count) | 0;
    this.#count = (this.#count + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  /** 0 to `bound` - 1; 0 where there is nothing to choose from. */
  below(bound: number): number {
    return bound <= 1 ? 0 : this.next() % bound;
  }

  /** Once in `n` times. */
  onceIn(n: number): boolean {
    return this.below(n) === 0;
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)]!;
  }

  bytes(length: number): Buffer {
    const bytes = Buffer.allocUnsafe(length);
    for (let at = 0; at < length; at += 1) bytes[at] = this.next();
    return bytes;
  }
}
