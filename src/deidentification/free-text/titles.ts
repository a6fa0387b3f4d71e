/** Words that announce a name, or follow one. Folded. */

/** Before a name. */
const TITLES = new Set(
  `dr doctor doktor docteur doc prof professor mr mrs ms miss mme mlle monsieur madame herr herrn frau hr
  fr sr sra srta don dona sig dott dottssa dipl ing pd priv doz oa oberarzt oberarztin chefarzt sir dame rev`.split(
    /\s+/,
  ),
);
/** After a name. */
export const NAME_SUFFIXES: ReadonlySet<string> = new Set(
  'md phd rn dds dmd facr frcr frcpc mbbs mba msc bsc rt rtr rtt crnp np arnp do jr esq mph dvm'.split(' '),
);
/** Also abbreviations of something clinical, so they are titles only as written in a name: "Mr Head", not "MR Head". */
const CLINICAL_TITLES = new Set(['mr', 'dr', 'ms', 'fr', 'sr', 'hr', 'pd', 'oa', 'don', 'sig', 'doc', 'ing', 'sra']);

/** Parts of a family name that identify nobody. */
export const PARTICLES: ReadonlySet<string> = new Set(
  'von van der den de del della di da dos das du la le el al bin ibn ben bint zu zum zur ter ten mac af av'.split(' '),
);

export function isTitle(plain: string): boolean {
  return TITLES.has(plain) || NAME_SUFFIXES.has(plain);
}

/**
 * 'certain': a name follows whatever it looks like. 'likely': it does where the next word is not clinical.
 * `raw` as written; `dotted`: a full stop follows.
 */
export function titleAt(plain: string, raw: string, dotted: boolean): 'certain' | 'likely' | null {
  if (!TITLES.has(plain)) return null;
  // "MRS PRESS" is spectroscopy, "MRS DOE" a person.
  if (plain === 'mrs' && raw === 'MRS') return 'likely';
  if (!CLINICAL_TITLES.has(plain)) return raw === raw.toLowerCase() && !dotted ? 'likely' : 'certain';
  const mixed = raw !== raw.toUpperCase() && raw !== raw.toLowerCase();
  if (mixed) return 'certain';
  return dotted ? 'likely' : null;
}

/** A label in front of a name. `colon`: only with a colon; `anything`: even a clinical word behind it is the name. */
export interface NameLabel {
  readonly pattern: RegExp;
  readonly anything: boolean;
}

export const NAME_LABELS: readonly NameLabel[] = [
  {
    pattern:
      /(?<![\p{L}\p{N}])(?:patient(?:en)?[ _-]?name|pat\.? ?name|name|nom|nombre|vorname|nachname|first ?name|last ?name|surname|operator|technologist|tech|mtra|arzt|physician|doctor|überweiser|zuweiser|referrer|radiologist|reader|surgeon|attn|c\/o)[ ]{0,2}[:=][ ]{0,3}/giu,
    anything: true,
  },
  {
    pattern:
      /(?<![\p{L}\p{N}])(?:ref(?:erred|erring|\.)?(?: by| phys(?:ician)?| dr)|referring (?:physician|doctor)|(?:performed|read|dictated|signed|reported|reviewed|scanned|ordered|requested|verified|approved|interpreted) by|überwiesen von|befundet von|untersucht von|adressé par)(?![\p{L}\p{N}])[ .:]{0,3}/giu,
    anything: false,
  },
  {
    pattern:
      /(?<![\p{L}\p{N}])(?:patient(?:in)?|pat|pt|subject|paciente|患者(?:氏名|名)?|氏名|姓名|환자(?:명)?|이름)[ .]{0,2}[:：=][ ]{0,3}/giu,
    anything: false,
  },
];
