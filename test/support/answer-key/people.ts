/** Who the answer-key corpus is about. Plainly made up; every word of them is one that no clinical text has. */

export interface Person {
  readonly key: string;
  readonly characterSet: readonly string[];
  readonly PatientName: string;
  readonly family: string;
  readonly given: string;
  /** The family name in the script of the character set. */
  readonly native: string;
  readonly PatientID: string;
  readonly PatientBirthDate: string;
  readonly PatientAge: string;
  readonly PatientSex: 'F' | 'M' | 'O';
  readonly studyDate: string;
  readonly telephone: string;
  readonly accession: string;
}

const DEFAULT: readonly string[] = [];

export const PEOPLE: readonly Person[] = [
  person(1, 'Fakesmith', 'Jodora', DEFAULT, { initials: '^Q' }),
  person(2, 'Müsterwäld', 'Zoëlla', ['ISO_IR 100']),
  person(3, 'Nemotest-Dupontez', 'Ximenetta', DEFAULT, { initials: '^K.^^' }),
  person(4, 'Yamafake', 'Tarotest', ['', 'ISO 2022 IR 87'], {
    groups: '=山仮^太試=やまかり^たため',
    native: '山仮',
  }),
  person(5, 'Honfake', 'Gilmock', ['', 'ISO 2022 IR 149'], { groups: '=洪假^吉模=홍가짜^길모의', native: '홍가짜' }),
  person(6, 'Wangmock', 'Xiaofake', ['GB18030'], { groups: '=王模^小假', native: '王模' }),
  person(7, 'Čapkofikt', 'Žofinkova', ['ISO_IR 192']),
  person(8, 'Вымышленов', 'Тестиния', ['ISO_IR 144']),
];

function person(
  n: number,
  family: string,
  given: string,
  characterSet: readonly string[],
  more: { readonly initials?: string; readonly groups?: string; readonly native?: string } = {},
): Person {
  return {
    key: `patient-${n}`,
    characterSet,
    PatientName: `${family}^${given}${more.initials ?? ''}${more.groups ?? ''}`,
    family,
    given,
    native: more.native ?? family,
    PatientID: `MRNFAKE77${n}03`,
    PatientBirthDate: `19${30 + 5 * n}0${n}17`,
    PatientAge: `0${88 - 5 * n}Y`,
    PatientSex: n % 2 === 0 ? 'M' : 'F',
    studyDate: `20190${n}2${n}`,
    telephone: `+49 5555 61${n}7${n}3`,
    accession: `ACCFAKE90${n}12`,
  };
}

/** The house and its staff, the same for all. */
export const HOUSE = {
  InstitutionName: 'Fakeheim Mockstadt Klinik',
  InstitutionAddress: 'Erfundenweg 77, 99999 Mockstadt',
  InstitutionalDepartmentName: 'Radiomock Ward',
  StationName: 'MOCKSTAT1',
  DeviceSerialNumber: 'SNMOCK4711',
  GantryID: 'GANTRYMOCK5',
  DetectorID: 'DETMOCK9',
  PlateID: 'PLATEMOCK3',
  referring: 'Dokfaker^Adalbertina^^Dr.',
  performing: 'Perfmocker^Bobbertus',
  operator: 'Opertester^Cleandra',
  reading: 'Readfaker^Dorotheo',
  applicationEntity: 'MOCKAET7',
  order: 'ORDFAKE55',
} as const;

const DEVICE: readonly string[] = [
  HOUSE.StationName,
  HOUSE.DeviceSerialNumber,
  HOUSE.GantryID,
  HOUSE.DetectorID,
  HOUSE.PlateID,
];

/** Words by which one would know the person, the staff or the house; `device`: retained by who retains devices. */
export function identifiersOf(who: Person): readonly { readonly text: string; readonly device: boolean }[] {
  const names = [who.PatientName, HOUSE.referring, HOUSE.performing, HOUSE.operator, HOUSE.reading]
    .flatMap((name) => name.replace('Dr.', '').split(/[\^=]/))
    .filter((part) => part.length >= 2 && !/^[A-Z]\.$/.test(part));
  const texts = [
    ...names,
    ...names.flatMap((name) => name.split('-')),
    who.PatientID,
    who.PatientBirthDate,
    who.studyDate,
    who.telephone,
    who.telephone.replaceAll(/\D/g, ''),
    who.accession,
    'Fakeheim',
    'Mockstadt',
    'Erfundenweg',
    'Radiomock',
    HOUSE.applicationEntity,
    HOUSE.order,
  ];
  return [
    ...[...new Set(texts)].map((text) => ({ text, device: false })),
    ...DEVICE.map((text) => ({ text, device: true })),
  ];
}
