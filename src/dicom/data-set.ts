/** The door to data sets and their elements. */
export { DataElement, DataSet, valuesOf } from './element';
export {
  bytesElement,
  copiedElement,
  emptyElement,
  lenientTextElement,
  newDataSet,
  newItem,
  numberElement,
  sequenceElement,
  sequenceLike,
  textElement,
} from './make-element';
