import { Problem } from '../problem';
import { can, type Handler, type Route, route } from '../route';

const answer: Handler = () => {
  throw new Problem(501, 'NOT_AVAILABLE_YET', 'This part of the interface is not available in this version.');
};

/** Addresses that are promised and not built: they say so, instead of looking misspelt. */
export const notAvailableYet: readonly Route[] = [
  route('GET', '/api/v1/openapi.json', can('read'), answer),
  route('POST', '/api/v1/sessions', can('operate'), answer),
  route('POST', '/api/v1/projects', can('operate'), answer),
  route('POST', '/returns/:project/dicom-web/studies', can('operate'), answer),
  route('GET', '/metrics', can('read'), answer),
];
