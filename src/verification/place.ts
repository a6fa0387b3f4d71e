import { formatTag, type Tag } from '../dicom/tag';

/** Where in a data set the walk is: written out only for what is found. */
export class Place {
  readonly #steps: (readonly [sequence: Tag, item: number])[] = [];

  enter(sequence: Tag, item: number): void {
    this.#steps.push([sequence, item]);
  }

  leave(): void {
    this.#steps.pop();
  }

  path(tag: Tag): string {
    return [...this.#steps.flatMap(([sequence, item]) => [formatTag(sequence), String(item)]), formatTag(tag)].join(
      '/',
    );
  }
}
