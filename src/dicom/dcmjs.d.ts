/** What is used of dcmjs, which comes without types. */
declare module 'dcmjs' {
  export const data: {
    readonly DicomMetaDictionary: {
      readonly nameMap: { readonly [keyword: string]: unknown };
      naturalizeDataset(json: object): unknown;
      denaturalizeDataset(natural: object): unknown;
    };
  };
  export const log: { setLevel(level: string): void };
}
