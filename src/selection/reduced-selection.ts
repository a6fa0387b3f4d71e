import type { ExportSelection } from './export-selection';

/**
 * The selection without the instances that stay behind, nested ones included: content and evidence of its manifest then
 * name what was sent and nothing else (PS3.3 C.17.6.2.1).
 */
export function reducedSelection(selection: ExportSelection, sent: ReadonlySet<string>): ExportSelection {
  if (selection.references.every(({ SOPInstanceUID }) => sent.has(SOPInstanceUID))) return selection;
  return {
    ...selection,
    references: selection.references
      .filter(({ SOPInstanceUID }) => sent.has(SOPInstanceUID))
      .map((reference) => ({
        ...reference,
        attached: reference.attached.filter(({ SOPInstanceUID }) => sent.has(SOPInstanceUID)),
      })),
  };
}
