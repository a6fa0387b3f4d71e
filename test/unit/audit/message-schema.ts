/*
 * The rules of the audit message schema (PS3.15 A.5.1.1) as a check: a small reader of XML, and what may stand where.
 */

export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function plain(text: string): string {
  if (/[<"]|&(?!(amp|lt|gt|quot|apos|#\d+);)/.test(text.replace(/"/g, '')))
    throw new Error('a character is not escaped');
  return text.replace(/&(?:#(\d+)|(\w+));/g, (_all, decimal?: string, name?: string) =>
    decimal === undefined ? (NAMED[name ?? ''] ?? '') : String.fromCodePoint(Number(decimal)),
  );
}

/** Well-formed XML with a declaration, elements, attributes and text, and nothing else. */
export function readXml(document: string): XmlElement {
  const declaration = '<?xml version="1.0" encoding="UTF-8"?>';
  if (!document.startsWith(declaration)) throw new Error('no XML declaration');
  let at = declaration.length;
  const element = (): XmlElement => {
    const open = /^<([A-Za-z]+)((?: [A-Za-z-]+="[^"<]*")*)(\/?)>/.exec(document.slice(at));
    if (open === null) throw new Error(`no element at ${at}`);
    const [whole, name = '', written = '', empty = ''] = open;
    at += whole.length;
    const attributes: Record<string, string> = {};
    for (const [, key = '', value = ''] of written.matchAll(/ ([A-Za-z-]+)="([^"]*)"/g)) {
      if (key in attributes) throw new Error(`${key} is there twice`);
      attributes[key] = plain(value);
    }
    const children: XmlElement[] = [];
    let text = '';
    if (empty !== '/') {
      for (;;) {
        const until = document.indexOf('<', at);
        if (until < 0) throw new Error(`${name} does not end`);
        text += plain(document.slice(at, until));
        at = until;
        if (document.startsWith('</', at)) break;
        children.push(element());
      }
      if (!document.startsWith(`</${name}>`, at)) throw new Error(`${name} does not end where it should`);
      at += name.length + 3;
    }
    return { name, attributes, children, text };
  };
  const root = element();
  if (at !== document.length) throw new Error('something follows the root');
  return root;
}

interface ElementRule {
  /** Name and how often: exactly one, ? none or one, * any number, + at least one. A choice by |. */
  readonly children?: readonly (readonly [name: string, times: '1' | '?' | '*' | '+'])[];
  readonly required?: Readonly<Record<string, RegExp>>;
  readonly optional?: Readonly<Record<string, RegExp>>;
  readonly text?: RegExp;
}

const TEXT = /^[^\u0000-\u0008\u000b\u000c\u000e-\u001f]*$/u;
const TOKEN = /^\S(?:.*\S)?$/u;
const BOOLEAN = /^(true|false)$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;
const UID = /^[0-2](\.(0|[1-9]\d*))+$/;
const upTo = (count: number) => new RegExp(`^(${Array.from({ length: count }, (_, at) => at + 1).join('|')})$`);

const CODED: ElementRule = {
  required: { 'csd-code': TOKEN, codeSystemName: TOKEN, originalText: TOKEN },
  optional: { displayName: TOKEN },
};

const SCHEMA: Readonly<Record<string, ElementRule>> = {
  AuditMessage: {
    children: [
      ['EventIdentification', '1'],
      ['ActiveParticipant', '+'],
      ['AuditSourceIdentification', '1'],
      ['ParticipantObjectIdentification', '*'],
    ],
  },
  EventIdentification: {
    children: [
      ['EventID', '1'],
      ['EventTypeCode', '*'],
      ['EventOutcomeDescription', '?'],
    ],
    required: { EventDateTime: DATE_TIME, EventOutcomeIndicator: /^(0|4|8|12)$/ },
    optional: { EventActionCode: /^[CRUDE]$/ },
  },
  EventID: CODED,
  EventTypeCode: CODED,
  EventOutcomeDescription: { text: TEXT },
  ActiveParticipant: {
    children: [
      ['RoleIDCode', '*'],
      ['MediaIdentifier', '?'],
    ],
    required: { UserID: TEXT, UserIsRequestor: BOOLEAN },
    optional: {
      AlternativeUserID: TEXT,
      UserName: TEXT,
      NetworkAccessPointID: TOKEN,
      NetworkAccessPointTypeCode: upTo(5),
    },
  },
  RoleIDCode: CODED,
  MediaIdentifier: { children: [['MediaType', '1']] },
  MediaType: CODED,
  AuditSourceIdentification: {
    children: [['AuditSourceTypeCode', '*']],
    required: { AuditSourceID: TOKEN },
    optional: { AuditEnterpriseSiteID: TOKEN },
  },
  AuditSourceTypeCode: { required: { 'csd-code': upTo(9) } },
  ParticipantObjectIdentification: {
    children: [
      ['ParticipantObjectIDTypeCode', '1'],
      ['ParticipantObjectName|ParticipantObjectQuery', '1'],
      ['ParticipantObjectDetail', '*'],
      ['ParticipantObjectDescription', '*'],
    ],
    required: { ParticipantObjectID: TOKEN },
    optional: {
      ParticipantObjectTypeCode: upTo(4),
      ParticipantObjectTypeCodeRole: upTo(26),
      ParticipantObjectDataLifeCycle: upTo(15),
      ParticipantObjectSensitivity: TOKEN,
    },
  },
  ParticipantObjectIDTypeCode: CODED,
  ParticipantObjectName: { text: TEXT },
  ParticipantObjectQuery: { text: BASE64 },
  ParticipantObjectDetail: { required: { type: TOKEN, value: BASE64 } },
  ParticipantObjectDescription: {
    children: [
      ['MPPS', '*'],
      ['Accession', '*'],
      ['SOPClass', '*'],
      ['ParticipantObjectContainsStudy', '?'],
      ['Encrypted', '?'],
      ['Anonymized', '?'],
    ],
  },
  SOPClass: { children: [['Instance', '*']], required: { NumberOfInstances: /^\d+$/ }, optional: { UID } },
  Encrypted: { text: BOOLEAN },
  Anonymized: { text: BOOLEAN },
};

/** Every breach of the schema, and of the rules that the grammar cannot say. */
export function breaches(message: string): string[] {
  const root = readXml(message);
  const found: string[] = [];
  if (root.name !== 'AuditMessage') found.push(`the root is ${root.name}`);
  check(root, found);
  // A.5.3: at most one participant is the requestor.
  const requestors = all(root, 'ActiveParticipant').filter(({ attributes }) => attributes.UserIsRequestor === 'true');
  if (requestors.length > 1) found.push(`${requestors.length} requestors`);
  for (const object of all(root, 'ParticipantObjectIdentification')) {
    // A.5.1: SOPClass becomes mandatory as soon as anything else of the description is there.
    for (const description of all(object, 'ParticipantObjectDescription')) {
      if (description.children.length > 0 && all(description, 'SOPClass').length === 0) found.push('no SOPClass');
    }
  }
  return found;
}

export function all(element: XmlElement, name: string): readonly XmlElement[] {
  return element.children.filter((child) => child.name === name);
}

function check(element: XmlElement, found: string[]): void {
  const rule = SCHEMA[element.name];
  if (rule === undefined) {
    found.push(`${element.name} is no element of the schema`);
    return;
  }
  const { required = {}, optional = {} } = rule;
  for (const [key, form] of Object.entries(required)) {
    const value = element.attributes[key];
    if (value === undefined) found.push(`${element.name} lacks ${key}`);
    else if (!form.test(value)) found.push(`${element.name}/@${key} has a wrong form`);
  }
  for (const [key, value] of Object.entries(element.attributes)) {
    if (key in required) continue;
    if (optional[key] === undefined) found.push(`${element.name} has no attribute ${key}`);
    else if (!optional[key].test(value)) found.push(`${element.name}/@${key} has a wrong form`);
  }
  if (!(rule.text ?? /^$/).test(element.text)) found.push(`${element.name} has a wrong text`);
  let at = 0;
  for (const [names, times] of rule.children ?? []) {
    let count = 0;
    while (names.split('|').includes(element.children[at]?.name ?? '')) {
      count += 1;
      at += 1;
    }
    const most = times === '1' || times === '?' ? 1 : Number.POSITIVE_INFINITY;
    const least = times === '1' || times === '+' ? 1 : 0;
    if (count < least || count > most) found.push(`${element.name} has ${count} of ${names}`);
  }
  if (at < element.children.length) found.push(`${element.name}: ${element.children[at]?.name} is out of place`);
  for (const child of element.children) check(child, found);
}
