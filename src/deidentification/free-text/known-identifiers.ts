import { type DataSet, valuesOf } from '../../dicom/data-set';
import { lookUp } from '../../dicom/dictionary';
import { CompiledIdentifiers } from './compiled-identifiers';
import { CODE_MEANING, CODE_VALUE, type IdentifierKind, kindOf, kindOfCodes } from './identifying-attributes';

export interface KnownValue {
  readonly kind: IdentifierKind;
  readonly value: string;
}

/** Longer values are no identifier that anybody writes again. */
const LONGEST_VALUE = 400;
/** A bound on what one study's headers may ask to be searched for. */
const MOST_VALUES = 20_000;

/**
 * Who and what must not be named: taken from the headers of one study, at every depth, public and private. PS3.15
 * E.3.5 (Clean Descriptors) asks for the removal of what identifies; these are the identities that can be known.
 */
export class KnownIdentifiers {
  private readonly values: ReadonlyMap<string, KnownValue>;
  private compiled: CompiledIdentifiers | undefined;

  private constructor(values: ReadonlyMap<string, KnownValue>) {
    this.values = values;
  }

  static collect(headers: Iterable<DataSet>): KnownIdentifiers {
    const values = new Map<string, KnownValue>();
    for (const header of headers) collectFrom(header, values);
    return new KnownIdentifiers(values);
  }

  /** As they were listed. */
  static of(values: Iterable<KnownValue>): KnownIdentifiers {
    return new KnownIdentifiers(new Map([...values].map((each) => [`${each.kind}\n${each.value}`, each])));
  }

  /** Every value, to be kept sealed: nothing identifies more than these. */
  list(): readonly KnownValue[] {
    return [...this.values.values()];
  }

  /** The same object where there is nothing new. */
  with(more: KnownIdentifiers): KnownIdentifiers {
    if (hasAll(this.values, more.values)) return this;
    if (this.values.size === 0) return more;
    return new KnownIdentifiers(new Map([...this.values, ...more.values]));
  }

  /** @internal built once, on first use */
  forms(): CompiledIdentifiers {
    this.compiled ??= new CompiledIdentifiers([...this.values.values()]);
    return this.compiled;
  }
}

function hasAll(values: ReadonlyMap<string, KnownValue>, others: ReadonlyMap<string, KnownValue>): boolean {
  for (const key of others.keys()) if (!values.has(key)) return false;
  return true;
}

function collectFrom(header: DataSet, values: Map<string, KnownValue>): void {
  // A stack of its own: items may be nested a thousand deep.
  const waiting: { readonly dataSet: DataSet; readonly codes: IdentifierKind | undefined }[] = [
    { dataSet: header, codes: undefined },
  ];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { dataSet, codes } = next;
    for (const element of dataSet.elements) {
      if (element.items !== null) {
        for (const item of element.items) waiting.push({ dataSet: item, codes: kindOfCodes(element.tag) });
        continue;
      }
      if (element.elided || element.length === 0) continue;
      let kind = kindOf(element.tag);
      if (kind === undefined && isPersonName(element.tag, element.vr)) kind = 'name';
      if (kind === undefined && codes !== undefined) {
        if (element.tag === CODE_MEANING) kind = codes;
        else if (element.tag === CODE_VALUE) kind = 'identifier';
      }
      if (kind === undefined) continue;
      for (const value of valuesOf(element, dataSet)) {
        if (value === '' || value.length > LONGEST_VALUE || values.size >= MOST_VALUES) continue;
        values.set(`${kind}\n${value}`, { kind, value });
      }
    }
  }
}

function isPersonName(tag: number, vr: string): boolean {
  return vr === 'PN' || (vr === 'UN' && lookUp(tag)?.vr === 'PN');
}
